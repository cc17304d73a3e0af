"""What is measured: for each case the peer's command line, ours, and the bar that was set.

Placeholders: {images} the image directory, {url} the same over loopback HTTP, {registry} host and port of a registry
with the container disks, {blob_NAME} the address of a layer there, {out} the result, {tmp} room for a spooled copy
beside it, {gantry} the command under test.

How the peers were chosen, so that they are the fastest fair way to the same sparse file:
  zstd, xz  write holes themselves when standard output is a regular file, so no second process is needed (zstd wants
            --sparse said);
  gzip      cannot; of cp --sparse=always, dd conv=sparse and GNU tar the first was the fastest (bench/README.md).
"""

import dataclasses

QEMU = "qemu-img convert -W -m 16 -O raw"
OURS = "{gantry} convert --progress none"
# The issue's own bound on the resident set; the blocks of an xz file count on top of it.
RSS_MAX_MIB = 128
CGROUP_LIMIT_BYTES = 192 << 20


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    image: str
    ours: str
    peer: str | None = None
    ratio_max: float | None = None
    seconds_max: float | None = None
    rss_max_mib: float | None = RSS_MAX_MIB
    writes: bool = True
    tmpfs_only: bool = False  # a result longer than ext4's 16 TiB
    reference: str | None = "disk.raw"

    @property
    def over_http(self):
        return "{url}" in self.ours or "{registry}" in self.ours


def from_file(name, image, peer, **bars):
    return Case(name, image, f"{OURS} {{images}}/{image} {{out}}", peer, **bars)


def from_stdin(name, image):
    return Case(
        f"stdin-{name}", image, f"{OURS} - {{out}} < {{images}}/{image}",
        f"cat < {{images}}/{image} > {{tmp}} && {QEMU} {{tmp}} {{out}}; rm -f {{tmp}}")


def from_http(name, image, **bars):
    return Case(
        f"http-{name}", image, f"{OURS} {{url}}/{image} {{out}}",
        f"curl -sSf -o {{tmp}} {{url}}/{image} && {QEMU} {{tmp}} {{out}}; rm -f {{tmp}}", **bars)


# The importer pod below a directory of its own; the volume is a directory beside the result.
POD = ("rm -rf {out}.pod && mkdir -p {out}.pod/data {out}.pod/dev && %s"
       "GANTRY_ROOT={out}.pod GANTRY_METRICS_PORT=0 PREALLOCATION=false FILESYSTEM_OVERHEAD=0 "
       "IMPORTER_CONTENTTYPE=kubevirt "
       "IMPORTER_SOURCE=%s IMPORTER_ENDPOINT=%s {gantry} import && %s && rm -rf {out}.pod")
CONVERT = "qemu-img convert -t writeback -O raw"


def pod(source, endpoint):
    return POD % ("", source, endpoint, "mv {out}.pod/data/disk.img {out}")


def imported(name, image, fetch="curl -sSf -o {tmp} {url}/%s", **bars):
    """Against what CDI's importer does: spool, undoing the compression on the way, then convert."""
    return Case(f"import-{name}", image, pod("http", f"{{url}}/{image}"),
                f"{fetch % image} && {CONVERT} {{tmp}} {{out}}; rm -f {{tmp}}", **bars)


def piped(name, image, tool, **bars):
    """Against no spool at all: decompressed into a process that writes the volume, leaving out what is zero."""
    return Case(f"import-{name}-piped", image, pod("http", f"{{url}}/{image}"),
                f"curl -sSf {{url}}/{image} | {tool} | "
                "dd of={out} bs=64K iflag=fullblock conv=sparse status=none", **bars)


def pulled(name, **bars):
    """From a registry, against what CDI's importer does: the layer's disk into a spool, then convert."""
    return Case(
        f"import-registry-{name}", f"{name}.oci", pod("registry", f"docker://{{registry}}/{name} INSECURE_TLS=true"),
        f"mkdir {{tmp}} && curl -sSf {{blob_{name}}} | gzip -dc | tar -xC {{tmp}} --no-same-owner && "
        f"{CONVERT} {{tmp}}/disk/{name}.qcow2 {{out}}; rm -rf {{tmp}}", **bars)


# A loop device on a file of the disk's size; whatever fails, it is detached again.
LOOP = ("truncate -s $(stat -c %s {images}/disk.raw) {out}.loop && device=$(losetup -f --show {out}.loop) && "
        "trap 'losetup -d $device' EXIT && ")
UNLOOP = "losetup -d $device && trap - EXIT && mv {out}.loop {out}"


def to_device(name, image, peer, **bars):
    """Into a block volume."""
    node = "cp -a $device {out}.pod/dev/cdi-block-volume && "
    return Case(f"import-{name}-device", image, LOOP + POD % (node, "http", f"{{url}}/{image}", UNLOOP),
                f"{LOOP}{peer} && {UNLOOP}", **bars)


CASES = [
    from_file("plain", "plain.qcow2", f"{QEMU} {{images}}/plain.qcow2 {{out}}", ratio_max=1.0),
    from_file("deflate", "deflate.qcow2", f"{QEMU} {{images}}/deflate.qcow2 {{out}}", ratio_max=0.7),
    from_file("zstd", "zstd.qcow2", f"{QEMU} {{images}}/zstd.qcow2 {{out}}", ratio_max=0.9),
    from_file("raw", "disk.raw", "cp --sparse=auto {images}/disk.raw {out}"),
    from_file("raw-gz", "disk.raw.gz",
              "gzip -dc {images}/disk.raw.gz | cp --sparse=always /dev/stdin {out}", ratio_max=0.4),
    from_file("raw-zst", "disk.raw.zst", "zstd -dc --sparse {images}/disk.raw.zst > {out}", ratio_max=1.2),
    from_file("raw-xz", "disk.raw.xz", "xz -dc -T2 {images}/disk.raw.xz > {out}", ratio_max=1.3,
              rss_max_mib=None),
    from_http("plain", "plain.qcow2", ratio_max=0.6),
    from_http("deflate", "deflate.qcow2", ratio_max=0.6),
    from_stdin("plain", "plain.qcow2"),
    from_stdin("deflate", "deflate.qcow2"),
    from_stdin("zstd", "zstd.qcow2"),
    imported("plain", "plain.qcow2", ratio_max=0.5),
    imported("deflate", "deflate.qcow2", ratio_max=0.5),
    imported("zstd", "zstd.qcow2", ratio_max=0.5),
    imported("raw", "disk.raw", ratio_max=0.5),
    imported("raw-gz", "disk.raw.gz", "curl -sSf {url}/%s | gzip -dc > {tmp}", ratio_max=0.5),
    imported("raw-zst", "disk.raw.zst", "curl -sSf {url}/%s | zstd -dc > {tmp}", ratio_max=0.5),
    imported("raw-xz", "disk.raw.xz", "curl -sSf {url}/%s | xz -dc -T1 > {tmp}", ratio_max=0.5,
             rss_max_mib=None),
    piped("raw-xz", "disk.raw.xz", "xz -dc -T1", ratio_max=0.2, rss_max_mib=None),
    pulled("plain", ratio_max=0.5),
    pulled("deflate", ratio_max=0.5),
    to_device("raw", "disk.raw",
              "curl -sSf {url}/disk.raw | dd of=$device bs=1M iflag=fullblock oflag=direct status=none",
              ratio_max=1.3),
    Case("empty-64t", "empty-64t.qcow2", f"{OURS} {{images}}/empty-64t.qcow2 {{out}}",
         f"{QEMU} {{images}}/empty-64t.qcow2 {{out}}", seconds_max=1.0, tmpfs_only=True, reference=None),
    Case("info", "plain.qcow2", "{gantry} info {images}/plain.qcow2", "qemu-img info {images}/plain.qcow2",
         seconds_max=0.3, writes=False, reference=None),
    Case("start", "plain.qcow2", "{gantry} --version", writes=False, reference=None),
]

# Every conversion that has to live in a small pod.
CGROUP_CASES = [case for case in CASES if case.writes and not case.tmpfs_only and not case.over_http]
CGROUP_CASES += [
    from_stdin("raw-gz", "disk.raw.gz"), from_stdin("raw-zst", "disk.raw.zst"), from_stdin("raw-xz", "disk.raw.xz"),
]
