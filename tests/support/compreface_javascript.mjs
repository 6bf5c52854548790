// Every call of the client `@exadel/compreface-js-sdk`: prints what each answered.
// Arguments: port, key, the URL of a photo, the folder it is installed in. Run in the folder of the
// photos.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [port, key, url, modules] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const { CompreFace } = await import(require.resolve('@exadel/compreface-js-sdk'));

const client = new CompreFace('http://127.0.0.1', port, {});
const recognition = client.initFaceRecognitionService(key);
const verification = client.initFaceVerificationService(key);
const detection = client.initFaceDetectionService(key);

// Each collection of the client is good for one call: the next would go to the address of both.
const faces = () => recognition.getFaceCollection();
const subjects = () => recognition.getSubjects();
const failure = (error) => ({ status: error.response?.status, ...error.response?.data });

const [obama, collins, probe] = ['./obama.jpg', './collins.jpg', './probe.jpg'];
const base64 = (path) => readFileSync(path).toString('base64');
const all = {
  limit: 0, det_prob_threshold: 0.8, prediction_count: 2,
  face_plugins: 'landmarks,gender,age,calculator', status: true,
};
const misplaced = { det_prob_threshold: 0.8, face_plugins: 'landmarks', status: true };

const answers = {};
answers['add subject'] = await subjects().add('Nobody yet');
answers['rename subject'] = await subjects().rename('Nobody%20yet', 'Somebody');
answers['delete subject'] = await subjects().delete('Somebody');
const first = await faces().add(obama, 'Barack%20Obama', { det_prob_threshold: 0.8 });
answers['add face'] = first;
answers['add buffer'] = await faces().add(readFileSync(collins), 'Eileen%20Collins', {});
answers['add base64'] = await faces().add(base64(collins), 'Eileen%20Collins', {});
const fetched = await faces().add(url, 'Barack%20Obama', {});
answers['add url'] = fetched;
answers['subjects'] = await subjects().list();
answers['faces'] = await faces().list();
answers['recognize'] = await recognition.recognize(probe, all);
answers['recognize buffer'] = await recognition.recognize(readFileSync(probe), {});
answers['verify face'] = await faces().verify(probe, first.image_id, all);
answers['verify'] = await verification.verify(obama, probe, all);
answers['verify base64'] = await verification.verify(base64(obama), base64(collins), {});
answers['verify buffers'] = await verification.verify(readFileSync(obama), readFileSync(probe), {});
answers['detect'] = await detection.detect(probe, misplaced);
answers['no face'] = await detection.detect('./nobody.png', {}).catch(failure);
answers['delete face'] = await faces().delete(first.image_id);
answers['delete several'] = await faces().delete_multiple_images([first.image_id, fetched.image_id]);
answers['delete faces'] = await faces().delete_all_subject('Eileen%20Collins');
answers['delete all faces'] = await faces().delete_all();
answers['delete all'] = await subjects().deleteAll();
answers['left'] = await subjects().list();
console.log(JSON.stringify(answers));
