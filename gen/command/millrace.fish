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
complete -c millrace -n "__fish_millrace_needs_command" -f -a "get" -d 'Download one or more links. Run the same command again to resume'
complete -c millrace -n "__fish_millrace_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c millrace -n "__fish_millrace_using_subcommand get" -s d -l dir -d 'Directory to save to, created if missing [default: $MILLRACE_DOWNLOADS or the current directory]' -r -F
complete -c millrace -n "__fish_millrace_using_subcommand get" -s o -l output -d 'File name or path (single link only); `-` for stdout. Existing files are never replaced' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -s x -l connections -d 'Maximum connections per download, 1 to 16' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -s j -l jobs -d 'Simultaneous downloads' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l per-host -d 'Simultaneous downloads per host [default: same as -j]' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -s i -l input-file -d 'Read links from a file, one per line (`-` for stdin). aria2\'s options may be indented below a link' -r -F
complete -c millrace -n "__fish_millrace_using_subcommand get" -s H -l header -d 'Extra request header, sent only to the link\'s own server (repeatable)' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -s A -l user-agent -d 'User-Agent to send' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -s e -l referer -d 'Referer to send' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -s u -l user -d 'Credentials, sent only to the links\' own servers. Without PASSWORD it is taken from netrc (-n) or asked for' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l password-file -d 'Read the password for -u from the first line of a file (`-` for stdin)' -r -F
complete -c millrace -n "__fish_millrace_using_subcommand get" -l cookies -d 'Load cookies from a cookies.txt file; sent only to matching servers' -r -F
complete -c millrace -n "__fish_millrace_using_subcommand get" -l proxy -d 'Proxy for all requests: an http, https, socks5 or socks5h URL, `none`, or `system`' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l checksum -d 'Expected digest (single link only): md5, sha-1, sha-256 or sha-512' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l sha256 -d 'Shorthand for --checksum sha-256:HEX' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l limit -d 'Total speed limit in bytes per second, such as 500k or 2.5M' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l tries -d 'Give up after this many attempts without progress' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l retry-wait -d 'Maximum delay between retries in seconds, unless the server asks for more' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l timeout -d 'Timeout in seconds for connecting, the first byte and stalled transfers' -r
complete -c millrace -n "__fish_millrace_using_subcommand get" -l ca-cert -d 'Additional CA certificates (PEM)' -r -F
complete -c millrace -n "__fish_millrace_using_subcommand get" -s n -l netrc -d 'Read credentials from $NETRC or ~/.netrc for links without any, and passwords for user names without one'
complete -c millrace -n "__fish_millrace_using_subcommand get" -s R -l remote-time -d 'Set each file\'s modification time to the one from the server'
complete -c millrace -n "__fish_millrace_using_subcommand get" -l wait-for-network -d 'Wait while there is no network, without counting attempts'
complete -c millrace -n "__fish_millrace_using_subcommand get" -l no-mark -d 'Do not mark files as downloaded from the internet'
complete -c millrace -n "__fish_millrace_using_subcommand get" -l json -d 'Print events as JSON lines'
complete -c millrace -n "__fish_millrace_using_subcommand get" -s q -l quiet -d 'Show no progress'
complete -c millrace -n "__fish_millrace_using_subcommand get" -s h -l help -d 'Print help'
complete -c millrace -n "__fish_millrace_using_subcommand help; and not __fish_seen_subcommand_from get help" -f -a "get" -d 'Download one or more links. Run the same command again to resume'
complete -c millrace -n "__fish_millrace_using_subcommand help; and not __fish_seen_subcommand_from get help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
