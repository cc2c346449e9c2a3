# Sourced by the other scripts: finds Java and Maven, and builds the jars that the examples run from.
# shellcheck shell=bash

TURBOQUEUE_ROOT="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=scripts/lib/locale.sh
source "$TURBOQUEUE_ROOT/scripts/lib/locale.sh"

turboqueue_die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Prints the java to use: that of JAVA_HOME, as Maven does, or else the one on the path.
turboqueue_java() {
  local java=java version=''
  if [[ -n "${JAVA_HOME:-}" ]]; then
    java="$JAVA_HOME/bin/java"
  fi
  version="$("$java" -version 2>&1 | sed -nE 's/.* version "([0-9]+).*/\1/p' | head -n 1)" || true
  if [[ -z "$version" ]]; then
    turboqueue_die "TurboQueue needs a JDK, version 17 or newer, and there is no working $java: install one or set JAVA_HOME."
  fi
  if ((version < 17)); then
    turboqueue_die "TurboQueue needs a JDK, version 17 or newer, but $java is version $version: install a newer one or set JAVA_HOME."
  fi
  printf '%s\n' "$java"
}

# Prints the Maven to use: mvn if it is new enough, or else the wrapper.
turboqueue_maven() {
  local version=''
  if command -v mvn >/dev/null; then
    version="$(mvn -v 2>/dev/null | sed -nE 's/.*Apache Maven ([0-9]+(\.[0-9]+)*).*/\1/p' | head -n 1)" || true
  fi
  if [[ -n "$version" && "$(printf '%s\n' 3.8.7 "$version" | sort -V | head -n 1)" == 3.8.7 ]]; then
    printf 'mvn\n'
  else
    printf '%s/mvnw\n' "$TURBOQUEUE_ROOT"
  fi
}

# True if a module's jar is there and newer than all it is made from. A folder counts too: its time tells of a deleted file.
turboqueue_is_fresh() {
  local module="$1" jar="$TURBOQUEUE_ROOT/$1/target/$1.jar" inputs=() input newer
  [[ -f "$jar" && -d "$TURBOQUEUE_ROOT/$module/target/lib" ]] || return 1
  for input in pom.xml turboqueue-core/{pom.xml,src/main} "$module"/{pom.xml,src/main}; do
    [[ -e "$TURBOQUEUE_ROOT/$input" ]] && inputs+=("$TURBOQUEUE_ROOT/$input")
  done
  newer="$(find "${inputs[@]}" -newer "$jar" -print -quit)" || return 1
  [[ -z "$newer" ]]
}

# Builds the jars of a module, and of core, if a source is newer, and says so in a line; several scripts may call it at once. Afterwards MODULE/target/MODULE.jar and MODULE/target/lib/* are the class path.
turboqueue_build() {
  local module="$1"
  if turboqueue_is_fresh "$module"; then
    return 0
  fi
  turboqueue_java >/dev/null
  printf 'building %s, which takes a minute or two the first time\n' "$module" >&2
  (
    if command -v flock >/dev/null; then
      exec 9<"$TURBOQUEUE_ROOT/pom.xml"
      flock 9
      if turboqueue_is_fresh "$module"; then
        exit 0
      fi
    fi
    cd -- "$TURBOQUEUE_ROOT"
    maven="$(turboqueue_maven)"
    scratch="$(mktemp -d)"
    trap 'rm -rf -- "$scratch"' EXIT
    touch -- "$scratch/started"
    if ! "$maven" -B -ntp -q package -pl "$module" -am -Dmaven.test.skip -Dspotless.check.skip -Denforcer.skip -Dpipeline.jar.skip >"$scratch/log" 2>&1; then
      cat -- "$scratch/log" >&2
      turboqueue_die "The build failed (its output is above): $maven package"
    fi
    # The jar tells when this build began, so that a source changed during it is seen next time.
    touch -r "$scratch/started" -- "$module/target/$module.jar"
  )
}
