"""An nginx of our own on a free loopback port, serving the image directory."""

import contextlib
import os
import pathlib
import socket
import subprocess
import tempfile
import time

from harness import measure

CONFIGURATION = """
{user}
worker_processes 1;
daemon off;
pid {state}/nginx.pid;
error_log {state}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  sendfile on;
  default_type application/octet-stream;
  client_body_temp_path {state}; proxy_temp_path {state}; fastcgi_temp_path {state};
  uwsgi_temp_path {state}; scgi_temp_path {state};
  server {{ listen 127.0.0.1:{port}; root {images}; }}
}}
"""


@contextlib.contextmanager
def serving(images, alone=False):
    """Yields the base URL; the server is gone when the block ends. Its priority is that of its clients."""
    with tempfile.TemporaryDirectory(prefix="gantry-bench-nginx-") as state:
        port = free_port()
        # A worker run as nobody could not read images kept in somebody's home directory.
        user = "user root;" if os.geteuid() == 0 else ""
        configuration = pathlib.Path(state, "nginx.conf")
        configuration.write_text(
            CONFIGURATION.format(user=user, state=state, port=port, images=images))
        command = f"exec nginx -c {configuration} -e {state}/error.log -p {state}"
        server = subprocess.Popen(
            ["bash", "-c", (measure.ALONE if alone else "") + command], start_new_session=alone)
        try:
            wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, server):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nginx does not answer on port {port}")
