# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_millrace_global_optspecs
    string join \n h/help V/version
end

function __fish_millrace_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_millrace_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_millrace_using_subcommand
    set -l cmd (__fish_millrace_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c millrace -n "__fish_millrace_needs_command" -s h -l help -d 'Print help'
complete -c millrace -n "__fish_millrace_needs_command" -s V -l version -d 'Print version'
complete -c millrace -n "__fish_millrace_needs_command" -f -a "get" -d 'Download links; run again with the same link and folder, it continues what is unfinished'
complete -c millrace -n "__fish_millrace_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c millrace -n "__fish_millrace_using_subcommand get" -s d -l dir -d 'Folder for the files, made if need be [default: $MILLRACE_DOWNLOADS, else the current one]' -r -F
complete -c millrace -n "__fish_millrace_using_subcommand get" -s o -l output -d 'The file to write, when there is one link: a name, or a path below the folder of -d, or an absolute one. `-` is standard output. A file that is there is never replaced' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -s x -l max-connections -d 'Connections of one download, at most' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -s j -l parallel -d 'Downloads at once' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l per-host -d 'Downloads at once from one host [default: as many as -j says]' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -s i -l input-file -d 'File with a link a line, and aria2\'s options indented below it; `-` is standard input' -r -F
complete -c millrace -n "__fish_millrace_using_subcommand get" -s H -l header -d 'Request header, sent to the link\'s own server only; may be given several times' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -s A -l user-agent -d 'What to call itself to servers' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -s e -l referer -d 'The page that the link stands on' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -s u -l user -d 'Name and password, for the links\' own servers only. Without a password it is that of the netrc file with -n, or asked for on the terminal, so that no list of processes shows it' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l password-file -d 'File whose first line is the password for -u; `-` is standard input' -r -F
complete -c millrace -n "__fish_millrace_using_subcommand get" -l cookies -d 'Cookies from a cookies.txt; each link gets those of its own server' -r -F
complete -c millrace -n "__fish_millrace_using_subcommand get" -l proxy -d 'Proxy for everything: an http, https, socks5 or socks5h link, `none`, or `system`' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l checksum -d 'The digest that the file must have, when there is one link: md5, sha-1, sha-256 or sha-512' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l sha256 -d 'The same as --checksum sha-256:HEX' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l limit -d 'Bytes per second for everything together: 500000, 500k, 2M, 1.5MiB' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l tries -d 'Attempts in a row that bring no byte' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l retry-wait -d 'Longest pause between attempts in seconds, unless the server asks for more' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l timeout -d 'Seconds for connecting, for the first byte, and for a transfer that stands still' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l ca-cert -d 'Certificates to trust beside the system\'s' -r -F
complete -c millrace -n "__fish_millrace_using_subcommand get" -s n -l netrc -d 'Names and passwords from $NETRC, else ~/.netrc, for links that name none, and passwords for the names that they or -u give'
complete -c millrace -n "__fish_millrace_using_subcommand get" -s R -l remote-time -d 'Give each file the modification time that its server states'
complete -c millrace -n "__fish_millrace_using_subcommand get" -l wait-for-network -d 'On a machine without a network, wait for one, without using up tries'
complete -c millrace -n "__fish_millrace_using_subcommand get" -l no-mark -d 'Do not mark files as come from the internet'
complete -c millrace -n "__fish_millrace_using_subcommand get" -l json -d 'Events as JSON lines on standard output'
complete -c millrace -n "__fish_millrace_using_subcommand get" -s q -l quiet -d 'No progress'
complete -c millrace -n "__fish_millrace_using_subcommand get" -s h -l help -d 'Print help'
complete -c millrace -n "__fish_millrace_using_subcommand help; and not __fish_seen_subcommand_from get help" -f -a "get" -d 'Download links; run again with the same link and folder, it continues what is unfinished'
complete -c millrace -n "__fish_millrace_using_subcommand help; and not __fish_seen_subcommand_from get help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
