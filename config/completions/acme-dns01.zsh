#compdef acme-dns01
# Completes acme-dns01 in zsh: commands, options, and what the options take.

local _acme_dns01_commands _acme_dns01_common _acme_dns01_own
# Lines of three fields: a command, its own options, what it does; an option, what it takes, its meaning.
@tables@

local tab=$'\t' command= option= word row
local -a field own found behind
integer at=${words[(i)--]}

# The command that the words before the cursor name: nothing, a group or a command.
for word in "${(@)words[2,CURRENT-1]}"; do
    if [[ $_acme_dns01_commands == *$'\n'"${command:+$command }$word"[\ $tab]* ]]; then
        command=${command:+$command }$word
    fi
done

# The client of `run` comes after --.
if (( at < CURRENT )); then
    [[ $command == run ]] || return 1
    words=("${(@)words[at+1,-1]}")
    (( CURRENT -= at ))
    _normal
    return
fi
# All that follows belongs to the client that calls the hook.
[[ $command != hook\ (dehydrated|lego|uacme) ]] || return 1

option=$words[CURRENT-1]
if compset -P '--*='; then
    option=${IPREFIX%=}
fi
for row in "${(@f)_acme_dns01_common}" "${(@f)_acme_dns01_own}"; do
    field=("${(@ps:\t:)row}")
    [[ -n $row && $field[1] == $option ]] || continue
    case $field[2] in
        '<file>') _files; return ;;
        '<dir>') _files -/; return ;;
        '<'*) _message -r $field[2]; return ;;
        ?*) compadd -- ${(s:|:)field[2]}; return ;;
    esac
done

for row in "${(@f)_acme_dns01_commands}"; do
    field=("${(@ps:\t:)row}")
    if [[ $field[1] == $command ]]; then
        own=(${=field[2]})
    elif [[ -n $row && ( -z $command || $field[1] == "$command "* ) ]]; then
        word=${field[1]#$command}
        word=${${word# }%% *}
        # Of a group there is one line.
        if [[ $field[1] == "${command:+$command }$word" ]]; then
            found+=("${word}:$field[3]")
        elif [[ ${found[(i)${word}:*]} -gt $#found ]]; then
            found+=("${word}:a group of commands")
        fi
    fi
done
if [[ $PREFIX != -* ]]; then
    (( $#found )) && _describe command found
    return
fi
found=()
for row in "${(@f)_acme_dns01_common}" "${(@f)_acme_dns01_own}"; do
    field=("${(@ps:\t:)row}")
    if [[ -n $row ]] && { [[ $_acme_dns01_common == *$'\n'"$row"$'\n'* ]] || (( $own[(Ie)$field[1]] )) }; then
        found+=("$field[1]:$field[3]")
    fi
done
_describe -o option found
