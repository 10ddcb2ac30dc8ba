# Completes acme-dns01 in fish: commands, options, and what the options take.

# The command that the words before the cursor name: nothing, a group or a command.
function __acme_dns01_command
    set -l found
    for word in (commandline -opc)[2..]
        set -l longer (string trim -- "$found $word")
        contains -- "$longer" $__acme_dns01_commands; and set found $longer
    end
    echo "$found"
end

# Whether all that follows belongs to a client: after --, and after the hooks that are protocols.
function __acme_dns01_is_over
    contains -- -- (commandline -opc)
    or contains -- "$(__acme_dns01_command)" 'hook dehydrated' 'hook lego' 'hook uacme'
end

function __acme_dns01_is
    not __acme_dns01_is_over; and contains -- "$(__acme_dns01_command)" $argv
end

complete -c acme-dns01 -f
complete -c acme-dns01 -n "contains -- -- (commandline -opc)" -a "(__fish_complete_command)"
@tables@
