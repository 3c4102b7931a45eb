/**
 * The one program that asks a machine its questions: POSIX sh (dash, bash, busybox ash), the same text every time.
 * It is read on the standard input of `/bin/sh`, so the login shell may be anything and nothing of it shows in `ps`;
 * the questions follow it as calls of the functions below, in one `{ … }` that runs whole or not at all.
 *
 * - `q I S ARGV…`: runs a program for S seconds at most;
 * - `f I S PATH…`: one `stat` for all paths that exist, and for the others whether that is known or only not to be seen;
 * - `c I S BYTES PATH`: the first bytes of a regular file;
 * - `v I S ARGV…`, `t I S ADDRESS PORT`: in the background, both outputs in one (short outputs of ping and of a TCP attempt);
 * - `g`: begins; `w`: waits for those in the background. Then it reads on: there may be another round.
 *
 * Each ends with a mark on both outputs: newline, nonce, I, exit status (or `missing`, `denied`, `none`), newline. The
 * nonce comes by the standard input only: it is in no argument, no environment and no file that a program could print.
 * Outputs go straight to the connection, unchanged, which costs no process beside the question's own.
 *
 * Time limits come in two ways. Where the shell runs as `timeout … /bin/sh -s guarded` (shell-process.ts), nobody in that
 * process group outlives the agent's interest: `g` kills the group when the standard input ends, which is how the agent lets
 * go of a late question, and `timeout` is there for the day when the network just vanishes. A question then costs no
 * process but its own. In any other shell each question has a limit of its own, S: GNU `timeout` (or what knows its options;
 * it ends the whole process group), else `setsid` and a watchdog.
 */
export const program = String.raw`
LC_ALL=C LANGUAGE=C TERM=dumb PAGER=cat SYSTEMD_PAGER= SYSTEMD_COLORS=0 NO_COLOR=1
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export LC_ALL LANGUAGE TERM PAGER SYSTEMD_PAGER SYSTEMD_COLORS NO_COLOR PATH
unset LS_COLORS COLUMNS GREP_OPTIONS POSIXLY_CORRECT ENV BASH_ENV CDPATH
set -f
cd /
guarded=${'$'}{1-} guard=
exec 3>&2 2>/dev/null

present() {
  why=missing
  case $1 in
  */*)
    [ -x "$1" ] && [ ! -d "$1" ] && return 0
    [ -e "$1" ] && why=denied
    return 1 ;;
  esac
  IFS=:
  for dir in $PATH; do
    if [ -f "$dir/$1" ]; then
      [ -x "$dir/$1" ] && unset IFS && return 0
      why=denied
    fi
  done
  unset IFS
  return 1
}

mark() {
  printf '\n%s %s %s\n' "$nonce" "$1" "$2"
  printf '\n%s %s %s\n' "$nonce" "$1" "$2" >&3
}

# By its path: busybox may prefer its own, which ends the program only and leaves what that started.
gnu=
if [ -f /usr/bin/timeout ] && [ ! -L /usr/bin/timeout ]; then gnu=/usr/bin/timeout
elif present timeout && "$dir/timeout" --foreground 9 true; then gnu=$dir/timeout
fi
if [ "$gnu" ]; then
  # In a subshell, which costs nothing with exec: the shell's own word on a program that was killed isn't its output.
  limited() { (exec "$gnu" -s KILL "$@" 2>&3 3>&-); }
else
  group=
  present setsid && group=-
  limited() {
    seconds=$1
    shift
    if [ "$group" ]; then
      (exec setsid "$@" 2>&3 3>&-) &
    else
      (exec "$@" 2>&3 3>&-) &
    fi
    child=$!
    (sleep "$seconds" || sleep "$((${'$'}{seconds%.*} + 1))"; kill -KILL "$group$child") </dev/null >/dev/null 2>&1 3>&- &
    watchdog=$!
    wait "$child"
    status=$?
    kill -KILL "$watchdog"
    wait "$watchdog"
    return "$status"
  }
fi

if [ "$guarded" = guarded ]; then
  asked() {
    shift
    (exec "$@" 2>&3 3>&- 4>&-)
  }
else
  asked() { limited "$@"; }
fi

# The agent sends nothing between a group and its last mark: what can be read until w kills this is the end.
g() {
  [ "$guarded" = guarded ] || return
  exec 4<&0
  (read -r end <&4; kill -KILL 0) >/dev/null 3>&- &
  guard=$!
}

q() {
  index=$1 time=$2
  shift 2
  if present "$1"; then
    asked "$time" "$@" </dev/null
    mark "$index" "$?"
  else
    mark "$index" "$why"
  fi
}

f() {
  index=$1 time=$2
  shift 2
  left=$# number=0
  while [ "$left" -gt 0 ]; do
    path=$1
    shift
    if [ -e "$path" ] || [ -L "$path" ]; then
      set -- "$@" "$path"
    else
      absence=absent above=$path
      while [ "$above" ]; do
        above=${'$'}{above%/*}
        if [ -d "$above/" ]; then
          [ -x "$above/" ] || absence=denied
          break
        fi
        { [ -e "$above" ] || [ -L "$above" ]; } && break
      done
      echo "$absence $number"
    fi
    left=$((left - 1)) number=$((number + 1))
  done
  if [ $# -eq 0 ]; then
    mark "$index" 0
  elif present stat; then
    asked "$time" stat -c %f:%a:%u:%g:%s:%Y:%U:%G:%n -- "$@" </dev/null
    mark "$index" "$?"
  else
    mark "$index" missing
  fi
}

c() {
  if [ -L "$4" ] || [ ! -f "$4" ] || [ ! -r "$4" ]; then
    mark "$1" none
  else
    q "$1" "$2" head -c "$3" -- "$4"
  fi
}

v() {
  if present "$3"; then
    (
      index=$1 time=$2
      shift 2
      output=$(exec 3>&1; limited "$time" "$@" </dev/null)
      status=$?
      printf '%s\n\n%s %s %s\n' "$output" "$nonce" "$index" "$status"
      printf '\n%s %s %s\n' "$nonce" "$index" "$status" >&3
    ) &
  else
    mark "$1" "$why"
  fi
}

t() {
  if present bash; then
    v "$1" "$2" bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash "$3" "$4"
  elif present nc; then
    v "$1" "$2" nc -v -z -- "$3" "$4"
  else
    mark "$1" missing
  fi
}

w() {
  [ "$guard" ] && kill -KILL "$guard"
  guard=
  wait
}
`
