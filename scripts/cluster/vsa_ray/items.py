"""What a run has to do: INPUT, paths and URLs, as a list of items."""

import hashlib
import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from itertools import groupby

from . import remote
from .problem import Problem

MANIFEST_ENDINGS = {".csv", ".tsv", ".jsonl", ".ndjson"}


@dataclass(slots=True)
class Item:
    video: str  # a path or a URL, as the result names it
    subs: str | None
    id: str | None
    date: str | None
    item: str  # SHA-256 of which item it is
    key: str  # SHA-256 of all that its result depends on
    beside: tuple = ()  # of a URL: names in its folder that are to come along


class Lister:
    """Lists INPUTs: what is here by `vsa batch --list`, which opens no video, and what is behind URLs by fsspec."""

    def __init__(self, vsa, options):
        self.vsa = vsa
        self.options = options
        self.folders = remote.Folders()
        self.failed = False  # a folder could not be read, which vsa has told
        # What all results depend on is in the key of a file that is not there.
        rows = self._rows(["-"], b"/no/such/file/of/vsa\n")
        if len(rows) != 1:
            raise Problem(f"{rows[-1]['video']}: stands behind options; expected every INPUT before them", 2)
        self.run_key = rows[0]["key"]

    def list(self, inputs):
        """The items, in the order of INPUT. Raises Problem: no such INPUT, an item given twice, and all else that vsa refuses."""
        items = []
        inputs = [re.sub("^file://", "", one) for one in inputs]
        for is_far, group in groupby(inputs, remote.is_url):
            if is_far:
                for url in group:
                    items += self._list_url(url)
            else:
                items += [self._item_of(row, _url_in) for row in self._rows(list(group))]
        seen = set()
        for item in items:
            if item.item in seen:
                raise Problem(f"{item.video}: is given twice; expected each video with its id and subtitles once", 2)
            seen.add(item.item)
        return items

    def _rows(self, inputs, stdin=None):
        command = [self.vsa, "batch", *inputs, "--list", *self.options]
        done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, check=False)
        if done.returncode not in (0, 1):
            raise Problem("", done.returncode if done.returncode > 0 else 3)  # vsa has told it
        self.failed = self.failed or done.returncode == 1
        return [json.loads(line) for line in done.stdout.splitlines()]

    def _list_url(self, url):
        try:
            if remote.has_ending(url, MANIFEST_ENDINGS):
                return self._list_manifest(remote.normal(url))
            videos = remote.videos_in(url, "--audio" in self.options)
            if videos:
                return [self._far_item(video, None, None, None) for video in videos]
        except Problem:
            raise
        except Exception as error:  # whatever a store throws
            raise Problem(f"{url}: cannot be read: {type(error).__name__}: {error}", 2) from error
        raise Problem(f"{url}: holds no video; expected one at least", 2)

    def _list_manifest(self, url):
        protocol, _, path = url.partition("://")
        with tempfile.TemporaryDirectory(prefix="vsa-ray-") as root:
            # It lies as deep as there, so that ".." in it means the same.
            copy = os.path.join(root, path.lstrip("/"))
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            store, there = remote.open_store(url)
            store.get_file(there, copy)
            start = protocol + "://" + ("/" if path.startswith("/") else "")

            def name_back(name):
                found = _url_in(name)
                if found == name and name.startswith(root + "/"):
                    return remote.normal(start + os.path.normpath(name[len(root) + 1 :]))
                return found

            return [self._item_of(row, name_back) for row in self._rows([copy])]

    def _item_of(self, row, name_back):
        """The item of what vsa lists; `name_back` gives the URL that a path of its stands for."""
        video, subs = name_back(row["video"]), name_back(row["subs"]) if row.get("subs") else None
        if remote.is_url(video) or remote.is_url(subs or ""):
            return self._far_item(video, subs, row.get("id"), row.get("date"))
        return Item(video, subs, row.get("id"), row.get("date"), row["item"], row["key"])

    def _far_item(self, url, subs, id, date):
        """An item that vsa cannot see: its key changes with the files, the options and the program, too."""
        item = _hash(url, subs, id)
        folder = remote.split(url)[0]
        beside = self.folders.beside(url)
        files = [url, *(f"{folder}/{name}" for name in beside), *([subs] if subs else [])]
        key = _hash(item, date, [[one, self.folders.stamp(one)] for one in files], self.run_key)
        return Item(url, subs, id, date, item, key, tuple(beside))


def _url_in(path):
    """URLs in a manifest look like relative paths, which start at its folder."""
    found = re.search(r"/([a-z][a-z0-9+.-]*://.*)", path)
    return remote.normal(found[1]) if found else path


def _hash(*values):
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()
