#include "cli/completion/scripts.h"

namespace flux::cli {
namespace {

constexpr std::string_view kBash = R"SCRIPT(# bash completion for fluxctl
#
# For this shell:    source <(fluxctl completion bash)
# For every shell:   fluxctl completion bash > /etc/bash_completion.d/fluxctl

_fluxctl() {
    local typed="${COMP_LINE:0:COMP_POINT}" word answer line
    local -a words
    # bash's own words are torn at '=' and ':'.
    read -ra words <<< "$typed"
    [[ "$typed" == *[[:space:]] ]] && words+=("")
    word="${words[${#words[@]} - 1]}"
    COMPREPLY=()
    answer="$("${words[0]/#\~/$HOME}" __completeNoDesc "${words[@]:1}" 2> /dev/null)" || return
    while IFS= read -r line; do
        [[ -n "$line" && "$line" != :* ]] && COMPREPLY+=("$line")
    done <<< "$answer"
    [[ "$word" == --*=* ]] && word="${word#*=}"
    case "${answer##*:}" in
        0)
            compopt -o filenames 2> /dev/null
            while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
            ;;
        16)
            compopt -o filenames 2> /dev/null
            while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$word")
            ;;
    esac
}

complete -F _fluxctl fluxctl
)SCRIPT";

constexpr std::string_view kFish = R"SCRIPT(# fish completion for fluxctl
#
# For this shell:    fluxctl completion fish | source
# For every shell:   fluxctl completion fish > ~/.config/fish/completions/fluxctl.fish

function __fluxctl_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l lines ($words[1] __complete $words[2..-1] "$word" 2> /dev/null)
    set -l count (count $lines)
    test $count -gt 0; or return
    set -l flag ""
    if string match -qr -- '^--.*=' "$word"
        set flag (string replace -r -- '=.*' '=' "$word")
    end
    if test $count -gt 1
        for line in $lines[1..(math $count - 1)]
            echo "$flag$line"
        end
    end
    switch $lines[$count]
        case ':0'
            __fish_complete_path "$word"
        case ':16'
            __fish_complete_directories "$word"
    end
end

complete -c fluxctl -f -a '(__fluxctl_complete)'
)SCRIPT";

constexpr std::string_view kPowershell = R"SCRIPT(# powershell completion for fluxctl
#
# For this shell:    fluxctl completion powershell | Out-String | Invoke-Expression
# For every shell:   add that line to the file that $PROFILE names

Register-ArgumentCompleter -Native -CommandName fluxctl -ScriptBlock {
    param($word, $line, $position)
    $words = @($line.CommandElements | Where-Object { $_.Extent.StartOffset -lt $position } | ForEach-Object { "$_" })
    $arguments = @($words | Select-Object -Skip 1)
    if ("$word" -eq '') {
        # Before 7.3 an empty argument gets lost unless it is quoted once more.
        if ($PSVersionTable.PSVersion -lt [version]'7.3.0') { $arguments += '""' } else { $arguments += '' }
    }
    $flag = if ("$word" -match '^(--[^=]+=)') { $Matches[1] } else { '' }
    & $words[0] __complete @arguments 2> $null | Where-Object { $_ -and $_ -notmatch '^:\d+$' } | ForEach-Object {
        $text, $help = $_ -split "`t", 2
        if (-not $help) { $help = $text }
        [System.Management.Automation.CompletionResult]::new("$flag$text", $text, 'ParameterValue', $help)
    }
}
)SCRIPT";

constexpr std::string_view kZsh = R"SCRIPT(#compdef _fluxctl fluxctl

# zsh completion for fluxctl
#
# For this shell:    source <(fluxctl completion zsh)
# For every shell:   fluxctl completion zsh > "${fpath[1]}/_fluxctl"

_fluxctl() {
    local answer line name directive=4
    local -a candidates
    answer="$("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT]}" 2> /dev/null)" || return 1
    for line in "${(@f)answer}"; do
        if [[ "$line" == :<-> ]]; then
            directive="${line#:}"
        elif [[ -n "$line" ]]; then
            name="${${line%%$'\t'*}//:/\\:}"
            [[ "$line" == *$'\t'* ]] && name+=":${line#*$'\t'}"
            candidates+=("$name")
        fi
    done
    [[ "${words[CURRENT]}" == --*=* ]] && compset -P '*='
    (( ${#candidates} )) && _describe -t fluxctl 'fluxctl' candidates
    case "$directive" in
        0) _files ;;
        16) _files -/ ;;
    esac
}

# Loaded by itself from fpath it is the function; sourced it has to be made known.
if [[ "${funcstack[1]}" == "_fluxctl" ]]; then
    _fluxctl "$@"
elif (( $+functions[compdef] )); then
    compdef _fluxctl fluxctl
fi
)SCRIPT";

}  // namespace

const std::vector<Shell>& shells() {
  static const std::vector<Shell> kShells{{"bash", kBash}, {"fish", kFish}, {"powershell", kPowershell}, {"zsh", kZsh}};
  return kShells;
}

}  // namespace flux::cli
