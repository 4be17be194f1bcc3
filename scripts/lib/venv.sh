# Sourced by the scripts beside it, which set `self` to their own path, symlinks
# resolved. Gives them `root`, `venv` and `ready`. Plain POSIX sh.

root=${self%/*/*}
venv=${MEDSCHED_VENV:-$root/.venv}
case $venv in /*) ;; *) venv=$PWD/$venv ;; esac

die() {
    printf 'medsched: %s\n' "$1" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# Sets `python` to a Python of 3.11 or later.
find_python() {
    if [ -n "${MEDSCHED_PYTHON:-}" ]; then
        python=$MEDSCHED_PYTHON
        new_enough "$python" && return
        die "MEDSCHED_PYTHON: $python is no Python 3.11 or later"
    fi
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        new_enough "$python" && return
    done
    found=$(python3 --version 2>/dev/null) || found='no python3'
    die "Python 3.11 or later is needed, and $found was found; install one, or name it: MEDSCHED_PYTHON=/path/to/python3"
}

# ready runtime|dev: returns at once when the environment is what the locks say.
# The check starts two small programs and no Python; everything else is make_venv.py's.
# A stamp names the checksums of what it was made from, and where: a checkout that
# was moved makes its environment anew, because the scripts inside name their Python.
ready() {
    wanted=$(cksum "$root/pyproject.toml" "$root/requirements/"*.txt)
    wanted="$wanted
$venv"
    if [ -x "$venv/bin/python" ] && [ -f "$venv/$1.stamp" ]; then
        [ "$(cat "$venv/$1.stamp")" = "$wanted" ] && return
    fi
    find_python
    "$python" -I "$root/scripts/lib/make_venv.py" "$root" "$venv" "$1" "$wanted"
}
