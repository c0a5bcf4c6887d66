# Sourced by the other scripts: makes this checkout ready, once. What is ready is left alone.
# Needs bash, Python 3.10 or newer, and a network the first time.

set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1
# Containers often set it. Then each process of a session compiles the whole package again, and each
# process of the tests all of them: 10 s of processor time.
unset PYTHONDONTWRITEBYTECODE
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
cd "$root"

say() { printf '%s\n' "$*" >&2; }

# The parts that come from the system: PortAudio, its way to PulseAudio, and the synthesiser.
system_parts() {
    case $(uname -s) in
    Linux) ;;
    *) return 0 ;; # macOS speaks with its own voices, and sounddevice brings PortAudio along
    esac
    local missing=() known
    known=$(ldconfig -p 2>/dev/null || true)
    case $known in *libportaudio.so.2*) ;; *) missing+=(libportaudio2) ;; esac
    case $known in *libespeak-ng.so.1*) ;; *) missing+=(espeak-ng) ;; esac
    [ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
    compgen -G '/usr/lib*/*/alsa-lib/libasound_module_pcm_*.so' >/dev/null ||
        install libasound2-plugins || say "(Going on without: only PulseAudio needs it.)"
}

# Install Debian packages if we may; otherwise say which to install.
install() {
    local as=()
    if [ "$(id -u)" -ne 0 ]; then
        if sudo -n true 2>/dev/null; then as=(sudo -n); else as=(false); fi
    fi
    if command -v apt-get >/dev/null && [ "${as[*]-}" != false ]; then
        say "Installing $* ..."
        "${as[@]+"${as[@]}"}" apt-get update -qq >&2 &&
            DEBIAN_FRONTEND=noninteractive "${as[@]+"${as[@]}"}" \
                apt-get install -y -qq --no-install-recommends "$@" >/dev/null && return 0
    fi
    say "Please install these yourself, then start again: $*"
    say "  (Debian, Ubuntu: sudo apt install $*)"
    return 1
}

# The newest Python that the parts support.
find_python() {
    local name
    for name in python3.14 python3.13 python3.12 python3.11 python3.10 python3; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 14))' \
            2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    say "Python 3.10 to 3.14 with venv is needed (Debian, Ubuntu: sudo apt install python3-venv)."
    return 1
}

# The virtual environment, with every package pinned by hash. What leads a session has no copyleft
# part; tests and tools get those of the extras, too, and a session takes what is there already.
python_parts() {
    local pins=scripts/constraints.txt
    ready_with "$pins" && return 0
    if [ "${lean-}" ]; then
        pins=scripts/constraints-run.txt
        ready_with "$pins" && return 0
    fi
    say "Setting up Python packages in .venv (once) ..."
    local python
    python=$(find_python)
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/pip" install --quiet --require-hashes -r "$pins"
    "$venv/bin/pip" install --quiet --no-deps --no-build-isolation -e .
    wanted_of "$pins" >"$venv/ready"
}

wanted_of() { cat pyproject.toml "$1" | cksum; }

ready_with() {
    [ -x "$venv/bin/voice-coach" ] && [ "$(cat "$venv/ready" 2>/dev/null)" = "$(wanted_of "$1")" ]
}

# The speech model; without it the coach still runs, on a weaker recogniser, and says so.
speech_model() {
    "$venv/bin/voice-coach" fetch-model || true
}

# What plays and records on a virtual sound card needs it.
virtual_sound_card() {
    [ "$(uname -s)" = Linux ] || return 0
    command -v pulseaudio >/dev/null && command -v pactl >/dev/null ||
        install pulseaudio pulseaudio-utils
}

# What looks at the screen of a real terminal needs it.
terminal_within() {
    command -v tmux >/dev/null || install tmux
}

# The browser that the page is tried in; tests without it fail.
browser() {
    [ "$(uname -s)" = Linux ] || return 0
    command -v chromium >/dev/null || install chromium
}

# The broker that rooms are tried with; tests without it fail.
broker() {
    [ "$(uname -s)" = Linux ] || return 0
    [ -x /usr/sbin/mosquitto ] || command -v mosquitto >/dev/null || install mosquitto
}

# The database that a board is tried with; tests without it fail.
database() {
    [ "$(uname -s)" = Linux ] || return 0
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null ||
        install postgresql
}

system_parts
python_parts
