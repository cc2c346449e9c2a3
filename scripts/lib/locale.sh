# Sourced by the scripts that start Java.
# shellcheck shell=bash

# Java reads arguments, environment variables and file names in the encoding of the locale. Where that is ASCII (cron,
# systemd, Docker, a locale that is not installed) everything else arrives damaged, so this picks a UTF-8 locale, for Java
# and for what it runs.
turboqueue_locale() {
  local found=''
  if turboqueue_is_ascii && found="$(turboqueue_utf8_locale)" && [[ -n "$found" ]]; then
    # Java has no locale at all if a single category names one that is not installed, and LC_ALL wins over all of them.
    export LC_ALL="$found"
  fi
}

# Whether the locale's encoding is ASCII; by the locale's name where there is no command to ask.
turboqueue_is_ascii() {
  if command -v locale >/dev/null; then
    # More than a line is a complaint of a locale that is not installed.
    case "$(locale charmap 2>&1)" in
      ANSI_X3.4-1968 | US-ASCII | ASCII | 646 | '' | *$'\n'*) return 0 ;;
      *) return 1 ;;
    esac
  fi
  case "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}" in
    C | POSIX | '') return 0 ;;
    *) return 1 ;;
  esac
}

# A UTF-8 locale that this machine has; nothing if it has none.
turboqueue_utf8_locale() {
  local candidate
  if ! command -v locale >/dev/null; then
    printf 'C.UTF-8\n'
    return 0
  fi
  for candidate in C.UTF-8 en_US.UTF-8 $(locale -a 2>/dev/null | grep -iE 'utf-?8$' | head -n 1); do
    if [[ "$(env LC_ALL="$candidate" locale charmap 2>/dev/null)" == UTF-8 ]]; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
}
