"""Bundles side by side that read faces alike keep one copy of what reads them, in a folder beside them."""

import os
from pathlib import Path

from .bundle import entries, read_contract, write_contract
from .problem import Problem

LICENCE = "LICENSE.face_detector"


def share(bundle, faces):
    """Moves the files of the bundle's frames to the folder `faces`, to which its model.json then refers. A file that lies there
    already must be the same."""
    bundle, faces = Path(bundle), Path(faces)
    if faces.resolve().parent != bundle.resolve().parent:
        raise Problem(f"{faces}: is not beside {bundle}")
    contract = read_contract(bundle)
    shared = list(entries(contract["frames"]))
    own = [bundle / one["path"] for one in shared]
    moves = {path: faces / path.name for path in (*own, bundle / LICENCE) if path.is_file()}
    for path, to in moves.items():
        if to.exists() and to.read_bytes() != path.read_bytes():
            raise Problem(f"{to}: is another file than {path}; it stays with its bundle")
    faces.mkdir(exist_ok=True)
    for path, to in moves.items():
        path.replace(to)
    for one, path in zip(shared, own):
        one["path"] = os.path.relpath(moves[path].resolve(), bundle.resolve())
    write_contract(bundle, contract)
