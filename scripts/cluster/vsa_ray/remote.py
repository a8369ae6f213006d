"""Files behind URLs, of all stores that fsspec knows: what is there, and the bytes on a disk of this machine."""

import bisect
import json
import os
import re
import unicodedata

# Names that only media have, as in src/video/video_files.cc.
VIDEO_ENDINGS = set(
    ".3g2 .3gp .avi .divx .f4v .flv .m2ts .m2v .m4v .mkv .mov .mp4 .mpe .mpeg .mpg .mxf .ogm .ogv .vob .webm .wmv".split()
)
SOUND_ENDINGS = set(
    ".aac .ac3 .aif .aifc .aiff .amr .ape .au .caf .eac3 .flac .m4a .m4b .mka .mp2 .mp3 .oga .ogg .opus .spx .tta .w64 .wav .weba .wma .wv".split()
)
# Which of a store's notes on a file tells that it has changed, beside its size: the first that there is.
CHANGE = ["ETag", "etag", "md5Hash", "mtime", "LastModified", "last_modified", "updated", "created"]


def is_url(text):
    return re.match(r"[a-z][a-z0-9+.-]*://", text) is not None


def has_ending(name, endings):
    return os.path.splitext(name)[1].lower() in endings


def split(url):
    """The folder, without a slash at its end, and the name."""
    folder, _, name = url.rpartition("/")
    return folder, name


def open_store(url):
    """(fsspec's file system, the path in it)."""
    import fsspec.core  # only where there are URLs

    return fsspec.core.url_to_fs(url)


def to_url(path, protocol):
    return path if path.startswith(protocol + "://") else f"{protocol}://{path}"


def normal(url):
    """One way to write it: it is part of what tells items apart."""
    return to_url(open_store(url)[1], url.partition("://")[0])


def videos_in(url, with_sound):
    """The URLs of all media in a folder, by their names; of one file, that; in the order of their bytes. Empty if there is none."""
    store, path = open_store(url)
    if store.isfile(path):
        return [normal(url)]
    endings = VIDEO_ENDINGS | SOUND_ENDINGS if with_sound else VIDEO_ENDINGS
    found = [one for one in store.find(path) if has_ending(one, endings) and not split(one)[1].startswith("._")]
    return [to_url(one, url.partition("://")[0]) for one in sorted(found, key=os.fsencode)]


def stamp_of(info):
    change = next((info[name] for name in CHANGE if info.get(name)), "")
    return f"{info.get('size')} {change}"


class Folders:
    """What lies in folders of stores: each is asked for once, for all of its videos."""

    def __init__(self):
        self.folders = {}  # of each, {name: stamp} and its names, sorted, as (NFC, name)

    def _look(self, folder):
        if folder not in self.folders:
            store, path = open_store(folder)
            try:
                infos = store.ls(path, detail=True)
            except (OSError, NotImplementedError):  # none, or a store that tells no lists
                infos = []
            stamps = {split(info["name"].rstrip("/"))[1]: stamp_of(info) for info in infos if info["type"] == "file"}
            names = sorted((unicodedata.normalize("NFC", name), name) for name in stamps)
            self.folders[folder] = stamps, names
        return self.folders[folder]

    def stamp(self, url):
        """What changes with the file; empty if there is none."""
        folder, name = split(url)
        stamps, _ = self._look(folder)
        if name not in stamps:
            store, path = open_store(url)
            try:
                stamps[name] = stamp_of(store.info(path))
            except OSError:
                stamps[name] = ""
        return stamps[name]

    def beside(self, url):
        """The names in the folder of a video that begin as its own does, up to the last dot: sidecars, and other videos."""
        folder, own = split(url)
        _, names = self._look(folder)
        start = unicodedata.normalize("NFC", os.path.splitext(own)[0] + ".")
        found = []
        for i in range(bisect.bisect_left(names, (start,)), len(names)):
            if not names[i][0].startswith(start):
                break
            found.append(names[i][1])
        return [name for name in found if name != own]


class Fetched:
    """Copies of files in a folder of this machine. A path, which is no URL, is used as it is."""

    def __init__(self, folder):
        self.folder = folder
        self.places = {}  # of each folder of a store, the folder here

    def fetch(self, url, beside=()):
        """The path of a copy, beside which lie those of the files with these names. Media among them are empty: their names
        alone tell whose the sidecars are."""
        if not is_url(url):
            return url
        folder, name = split(url)
        here = self.places.setdefault(folder, os.path.join(self.folder, str(len(self.places))))
        os.makedirs(here, exist_ok=True)
        for one in [name, *beside]:
            to = os.path.join(here, one)
            if one != name and has_ending(one, VIDEO_ENDINGS | SOUND_ENDINGS):
                open(to, "wb").close()
            else:
                store, path = open_store(f"{folder}/{one}")
                store.get_file(path, to)
        return os.path.join(here, name)

    def name_back(self, line):
        """A line of JSON, as bytes, with the URLs for the paths of the copies."""
        for folder, here in self.places.items():
            line = line.replace(_bare(here + "/"), _bare(folder + "/"))
        return line


def _bare(text):
    return json.dumps(text, ensure_ascii=False)[1:-1].encode()
