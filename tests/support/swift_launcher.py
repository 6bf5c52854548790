"""Runs OpenStack Swift with its S3 API in one process; needs an environment in which it is.

`python swift_launcher.py DIRECTORY ACCOUNT USER KEY` prints the URL when the server answers.
"""

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from eventlet import listen, wsgi  # noqa: E402
from swift.account.server import AccountController  # noqa: E402
from swift.common import storage_policy, utils  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402
from swift.container.server import ContainerController  # noqa: E402
from swift.obj.server import ObjectController  # noqa: E402

MOST_LISTED = 20
"""Names that one answer holds, so that few make a second page."""

PROXY = """
[DEFAULT]
swift_dir = {directory}
log_level = CRITICAL
[pipeline:main]
pipeline = catch_errors gatekeeper s3api tempauth bulk slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
max_bucket_listing = {listing}
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{user} = {key} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
"""


class Cache(dict):
    """What Swift asks of memcached."""

    def get(self, key, **_):
        return super().get(key)

    def set(self, key, value, **_):
        self[key] = value

    def incr(self, key, delta=1, **_):
        self[key] = super().get(key, 0) + delta
        return self[key]

    def delete(self, key, **_):
        self.pop(key, None)


def main() -> None:
    directory, account, user, key = Path(sys.argv[1]), *sys.argv[2:]
    configuration = directory / "swift.conf"
    configuration.write_text(
        "[swift-hash]\nswift_hash_path_suffix = test\nswift_hash_path_prefix = test\n"
    )
    utils.SWIFT_CONF_FILE = str(configuration)
    utils.validate_configuration()
    storage_policy.reload_storage_policies()
    settings = {
        "devices": str(directory),
        "mount_check": "false",
        "swift_dir": str(directory),
        "fallocate_reserve": "0",
        "log_level": "CRITICAL",
    }
    (directory / "disk").mkdir()
    logger = utils.NullLogger()
    for kind, controller in (
        ("account", AccountController),
        ("container", ContainerController),
        ("object", ObjectController),
    ):
        socket = listen(("127.0.0.1", 0))
        ring(directory / f"{kind}.ring.gz", socket.getsockname()[1])
        eventlet.spawn(wsgi.server, socket, controller(settings), logger)
    proxy_file = directory / "proxy.conf"
    proxy_file.write_text(
        PROXY.format(directory=directory, account=account, user=user, key=key, listing=MOST_LISTED)
    )
    proxy = loadapp(str(proxy_file))
    cache = Cache()

    def with_cache(env, start_response):
        env["swift.cache"] = cache
        return proxy(env, start_response)

    socket = listen(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{socket.getsockname()[1]}", flush=True)
    wsgi.server(socket, with_cache, logger)


def ring(path: Path, port: int) -> None:
    builder = RingBuilder(part_power=1, replicas=1, min_part_hours=0)
    builder.add_dev(
        {"region": 1, "zone": 1, "weight": 1, "device": "disk", "ip": "127.0.0.1", "port": port}
    )
    builder.rebalance()
    builder.get_ring().save(str(path))


if __name__ == "__main__":
    os.umask(0o077)
    main()
