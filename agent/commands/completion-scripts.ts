/**
 * For each shell, what makes it ask `probant completion words -- WORD…` at a Tab. The answer is a line for each
 * candidate, its description after a tab; `:files` stands for the files of the folder.
 */
export const completionScripts: Readonly<Record<string, string>> = {
  bash: `_probant() {
  local line current="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files)
        compopt -o default 2>/dev/null ||
          while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
        ;;
      ?*) COMPREPLY+=("\${line%%$'\\t'*}") ;;
    esac
  done < <("\${COMP_WORDS[0]}" completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  case \${COMPREPLY[0]-} in
    *=) compopt -o nospace 2>/dev/null ;;
  esac
}
complete -F _probant probant`,
  zsh: `#compdef probant
_probant() {
  local line value
  local -a found joined
  local files=0
  for line in "\${(@f)$("\${words[1]}" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    value=\${line%%$'\\t'*}
    case $line in
      :files) files=1 ;;
      *=$'\\t'*) joined+=("$value") ;;
      ?*) found+=("\${value//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( $#joined )) && compadd -S '' -a joined
  (( $#found )) && _describe probant found
  (( files )) && _files
}
if [[ "$funcstack[1]" == _probant ]]; then _probant "$@"; else compdef _probant probant; fi`,
  fish: `function __probant_complete
  set -l typed (commandline -opc)
  set -l current (commandline -ct)
  for line in ($typed[1] completion words -- $typed[2..-1] "$current" 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path "$current"
    else
      echo $line
    end
  end
end
complete -c probant -f -a '(__probant_complete)'`,
  powershell: `Register-ArgumentCompleter -Native -CommandName probant -ScriptBlock {
  param($word, $ast, $cursor)
  $typed = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.StartOffset -lt $cursor } | ForEach-Object { $_.Extent.Text })
  $fresh = @()
  if ($word -eq '') { $fresh = @('--fresh') }
  foreach ($line in @(& probant completion words @fresh -- @typed 2>$null)) {
    if ($line -eq ':files') { [System.Management.Automation.CompletionCompleters]::CompleteFilename($word); continue }
    $value, $says = $line -split [char]9, 2
    if ($value -eq '') { continue }
    if (-not $says) { $says = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $says)
  }
}`,
}
