"""A docker-registry of our own on a free loopback port, holding the images of the layouts asked for."""

import contextlib
import json
import os
import subprocess
import tempfile

from harness import web


@contextlib.contextmanager
def serving(images, layouts):
    """Yields what cases may name: {registry}, and {blob_NAME}, the address of the one layer of NAME.oci."""
    if not layouts:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="gantry-bench-registry-", dir=images) as store:
        address = f"127.0.0.1:{web.free_port()}"
        server = subprocess.Popen(
            ["docker-registry", "serve", "/dev/stdin"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=os.environ | {"OTEL_TRACES_EXPORTER": "none"})
        server.stdin.write(configuration(store, address).encode())
        server.stdin.close()
        try:
            web.wait_for(int(address.rpartition(":")[2]), server)
            values = {"registry": address}
            for layout in layouts:
                values[f"blob_{layout}"] = push(images / f"{layout}.oci", layout, address)
            yield values
        finally:
            server.terminate()
            server.wait()


def configuration(store, address):
    return json.dumps({  # JSON is YAML
        "version": 0.1, "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": store}}, "http": {"addr": address}})


def push(layout, name, address):
    """Returns the address of the layer, for peers that fetch it themselves."""
    subprocess.run(["skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false",
                    f"oci:{layout}:latest", f"docker://{address}/{name}:latest"], check=True)
    manifest = json.loads((layout / "index.json").read_text())["manifests"][0]["digest"]
    layer = json.loads((layout / "blobs" / manifest.replace(":", "/")).read_text())["layers"][0]["digest"]
    return f"http://{address}/v2/{name}/blobs/{layer}"
