"""Makes the archives beside it, with Python's own tarfile and zipfile.

Each holds the same three files; the long name is longer than a plain tar
header's field. Run in this folder. Made with Python 3.12.
"""

import io
import tarfile
import zipfile

LONG = "/".join(["a folder with a long name %d" % i for i in range(8)])
FILES = {
    "one.txt": b"the first\n",
    LONG + "/two.txt": "zw\u00f6lf B\u00e4ume\n".encode() * 40,
    "sub/empty.txt": b"",
}

for name, form in [
    ("gnu.tar", tarfile.GNU_FORMAT),
    ("pax.tar", tarfile.PAX_FORMAT),
]:
    with tarfile.open(name, "w", format=form) as tar:
        folder = tarfile.TarInfo("sub")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for path, data in FILES.items():
            info = tarfile.TarInfo("./" + path)
            info.size = len(data)
            # A time with a fraction makes pax write a header of its own.
            info.mtime = 1.5 if form == tarfile.PAX_FORMAT else 1
            tar.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link.jpg")
        link.type = tarfile.SYMTYPE
        link.linkname = "/etc/hostname"
        tar.addfile(link)


class Unseekable(io.RawIOBase):
    """Makes zipfile write sizes behind the data, as streaming writers do."""

    def __init__(self, raw):
        self.raw = raw

    def writable(self):
        return True

    def write(self, data):
        return self.raw.write(data)

    def flush(self):
        self.raw.flush()


def info_of(path):
    return zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0))


with zipfile.ZipFile("zip64.zip", "w") as archive:
    for path, data in FILES.items():
        info = info_of(path)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w", force_zip64=True) as out:
            out.write(data)

with open("streamed.zip", "wb") as raw:
    with zipfile.ZipFile(Unseekable(raw), "w") as archive:
        archive.writestr(info_of("sub/"), b"")
        for path, data in FILES.items():
            archive.writestr(info_of(path), data, zipfile.ZIP_STORED)
