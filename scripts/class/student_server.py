"""
Starts a student's server: copies the course into the home folder, then becomes jupyterhub-singleuser.

    python student_server.py COURSE [ARGUMENTS OF jupyterhub-singleuser]

The hub starts it as the student, not as root. Root must not write into a student's home: a link
there could lead anywhere.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

# The folder of the course in the home.
FOLDER = "convnotes"
# Linux limits the path of a socket to 107 bytes; a kernel's is kernel-UUID-ipc-N in the runtime folder.
LONGEST_RUNTIME_FOLDER = 107 - len("/kernel-00000000-0000-0000-0000-000000000000-ipc-5")


def hand_out(course: Path, target: Path) -> None:
    """
    Copies each file of the course that the target does not have. Files that are there stay as they are.
    """
    for source in sorted(course.rglob("*")):
        place = target / source.relative_to(course)
        if source.is_dir():
            place.mkdir(parents=True, exist_ok=True)
        elif not os.path.lexists(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            copy_new(source, place)


def copy_new(source: Path, place: Path) -> None:
    """
    Copies a file that appears with its whole content, or not at all, and never replaces another.
    """
    with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".", delete=False) as temporary:
        try:
            with source.open("rb") as content:
                shutil.copyfileobj(content, temporary)
            temporary.close()
            os.link(temporary.name, place)
        except FileExistsError:
            pass
        finally:
            os.unlink(temporary.name)


def runtime_folder(home: Path) -> Path:
    """
    Returns the folder of the kernels' sockets: Jupyter's own, or a short one if that is too long for them.
    """
    usual = home / ".local" / "share" / "jupyter" / "runtime"
    if len(os.fsencode(usual)) <= LONGEST_RUNTIME_FOLDER:
        return usual
    return Path(tempfile.mkdtemp(prefix="jupyter-"))


def main() -> None:
    course, *parameters = sys.argv[1:]
    # What the server and its kernels write is the student's alone, even in a home that others can enter.
    os.umask(0o077)
    home = Path.home()
    try:
        hand_out(Path(course), home / FOLDER)
    except OSError as error:
        # With a full disk, the student needs the server to delete something.
        print(f"The course could not be copied to {home / FOLDER}: {error}", file=sys.stderr)
    os.environ["JUPYTER_RUNTIME_DIR"] = str(runtime_folder(home))
    server = Path(sys.executable).with_name("jupyterhub-singleuser")
    os.execv(server, [str(server), *parameters])


if __name__ == "__main__":
    main()
