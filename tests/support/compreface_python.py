"""Every call of the client `compreface-sdk`, run by its own Python: prints what each answered.

Arguments: port and key. Run in the folder of the photos.
"""

import json
import sys
from pathlib import Path

from compreface import CompreFace

_, port, key = sys.argv
obama, collins, probe, stranger = "obama.jpg", "collins.jpg", "probe.jpg", "stranger.jpg"

options = {
    "limit": 0,
    "det_prob_threshold": 0.8,
    "prediction_count": 2,
    "face_plugins": "calculator,age,gender,landmarks",
    "status": True,
}
one_service = {name: said for name, said in options.items() if name != "prediction_count"}
client = CompreFace("http://127.0.0.1", port, options)
recognition = client.init_face_recognition(key)
verification = client.init_face_verification(key)
detection = client.init_face_detection(key)
faces, subjects = recognition.get_face_collection(), recognition.get_subjects()

answers = {}
answers["no subjects"] = subjects.list()
answers["add subject"] = subjects.add("Nobody yet")
answers["rename subject"] = subjects.update("Nobody yet", "Somebody")
answers["delete subject"] = subjects.delete("Somebody")
first = answers["add face"] = faces.add(obama, "Barack Obama", {"det_prob_threshold": 0.8})
answers["add bytes"] = faces.add(Path(collins).read_bytes(), "Eileen Collins")
answers["subjects"] = subjects.list()
answers["faces"] = faces.list()
answers["recognize"] = recognition.recognize(probe)
answers["stranger"] = recognition.recognize(stranger, {"limit": 1, "prediction_count": 1})
answers["verify face"] = faces.verify(probe, first["image_id"], one_service)
answers["verify other"] = faces.verify(collins, first["image_id"])
answers["verify"] = verification.verify(obama, probe)
answers["detect"] = detection.detect(probe)
answers["no image"] = recognition.recognize(b"no image")
answers["delete face"] = faces.delete(first["image_id"])
answers["delete it again"] = faces.delete(first["image_id"])
answers["delete faces"] = faces.delete_all("Eileen Collins")
answers["delete all"] = subjects.delete_all()
answers["left"] = subjects.list()
print(json.dumps(answers))
