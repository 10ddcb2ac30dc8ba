# Completes acme-dns01 in bash: commands, options, and what the options take.

# Lines of three fields: a command, its own options, what it does; an option, what it takes, its meaning.
@tables@

# The command that the words before the cursor name: nothing, a group or a command.
_acme_dns01_command() {
    local word found=
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $_acme_dns01_commands in
            *$'\n'"${found:+$found }$word"[$' \t']*) found=${found:+$found }$word ;;
        esac
    done
    printf '%s' "$found"
}

# The words that may follow this command.
_acme_dns01_words() {
    local name rest
    while IFS= read -r name; do
        name=${name%%$'\t'*}
        [[ $name && ( ! $1 || $name == "$1 "* ) ]] || continue
        rest=${name#"${1:+$1 }"}
        printf '%s\n' "${rest%% *}"
    done <<<"$_acme_dns01_commands"
}

# The options that this command takes.
_acme_dns01_options() {
    local line name own
    while IFS= read -r line; do
        [[ ! $line ]] || printf '%s\n' "${line%%$'\t'*}"
    done <<<"$_acme_dns01_common"
    while IFS= read -r line; do
        name=${line%%$'\t'*} own=${line#*$'\t'}
        [[ ! $line || $name != "$1" ]] || printf '%s\n' "${own%%$'\t'*}"
    done <<<"$_acme_dns01_commands"
}

# What the option takes: <file>, all|answering.
_acme_dns01_argument() {
    local line
    while IFS= read -r line; do
        [[ $line == "$1"$'\t'* ]] || continue
        line=${line#*$'\t'}
        printf '%s' "${line%%$'\t'*}"
    done <<<"$_acme_dns01_common$_acme_dns01_own"
}

_acme_dns01() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command argument
    command=$(_acme_dns01_command)
    COMPREPLY=()
    # The client of `run` comes after --.
    if [[ " ${COMP_WORDS[*]:1:COMP_CWORD-1} " == *" -- "* ]]; then
        [[ $command != run ]] || mapfile -t COMPREPLY < <(compgen -c -f -- "$current")
        return
    fi
    # All that follows belongs to the client that calls the hook.
    [[ $command != hook\ @(dehydrated|lego|uacme) ]] || return
    # bash takes --option=value apart at the sign.
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    argument=$(_acme_dns01_argument "$previous")
    case $argument in
        '<file>') compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        '<dir>') compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
        '<'*) ;;
        ?*) mapfile -t COMPREPLY < <(compgen -W "${argument//|/ }" -- "$current") ;;
        *)
            if [[ $current == -* ]]; then
                mapfile -t COMPREPLY < <(compgen -W "$(_acme_dns01_options "$command")" -- "$current")
            else
                mapfile -t COMPREPLY < <(compgen -W "$(_acme_dns01_words "$command")" -- "$current")
            fi ;;
    esac
}
complete -F _acme_dns01 acme-dns01
