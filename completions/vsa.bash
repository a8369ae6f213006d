# Completion of vsa in bash. Written by vsa_describe from the program's options: change those.
_vsa() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command='' options='' words='' i
  # --frames=every is three words.
  [[ $before != '=' ]] || before=${COMP_WORDS[COMP_CWORD - 2]}
  if [[ $word == '=' ]]; then before=${COMP_WORDS[COMP_CWORD - 1]} word=''; fi
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case ${COMP_WORDS[i]} in
      classify | transcribe | batch | evaluate | extract | inspect | report | tokenize) command=${COMP_WORDS[i]}; break ;;
    esac
  done
  case $command:$before in
    *:--model) words='auto'; compopt -o plusdirs -o filenames ;;
    *:--threads) ;;
    *:--dtype) words='auto fp32 bf16' ;;
    *:--log-level) words='off error info debug' ;;
    classify:--track) ;;
    classify:--encoding) ;;
    classify:--language) ;;
    classify:--fps) ;;
    classify:--frames) words='every keyframes' ;;
    classify:--start) ;;
    classify:--end) ;;
    classify:--subs) compopt -o default ;;
    classify:--transcribe) words='auto never always' ;;
    classify:--audio-track) ;;
    classify:--speech) compopt -o plusdirs -o filenames ;;
    classify:--danmaku) compopt -o default ;;
    classify:--id) ;;
    classify:--output) compopt -o default ;;
    classify:*) options='--no-subs --track --encoding --language --fps --frames --start --end --subs --transcribe --audio-track --speech --explain --danmaku --id --output --force --pretty --compact --stats --help --version --model --threads --dtype --log-level --quiet --verbose' ;;
    transcribe:--format) words='srt vtt json' ;;
    transcribe:--language) ;;
    transcribe:--audio-track) ;;
    transcribe:--speech) compopt -o plusdirs -o filenames ;;
    transcribe:--output) compopt -o default ;;
    transcribe:*) options='--format --language --audio-track --speech --output --force --beside --help --version --model --threads --dtype --log-level --quiet --verbose' ;;
    batch:--output) compopt -o default ;;
    batch:--jobs) ;;
    batch:--track) ;;
    batch:--encoding) ;;
    batch:--language) ;;
    batch:--fps) ;;
    batch:--frames) words='every keyframes' ;;
    batch:--start) ;;
    batch:--end) ;;
    batch:--transcribe) words='auto never always' ;;
    batch:--audio-track) ;;
    batch:--speech) compopt -o plusdirs -o filenames ;;
    batch:--shard) ;;
    batch:*) options='--output --jobs --no-subs --track --encoding --language --fps --frames --start --end --transcribe --audio-track --speech --explain --audio --isolate --dry-run --list --shard --fail-fast --retry-failed --prune --force --help --version --model --threads --dtype --log-level --quiet --verbose' ;;
    evaluate:--split) words='train valid test' ;;
    evaluate:--videos) compopt -o plusdirs -o filenames ;;
    evaluate:--predictions) compopt -o default ;;
    evaluate:--compat) words='mmsa mult mag' ;;
    evaluate:--neutral) words='half sign' ;;
    evaluate:--scale) words='mosi sims' ;;
    evaluate:--save) compopt -o default ;;
    evaluate:--require) ;;
    evaluate:--format) words='table json markdown' ;;
    evaluate:*) options='--split --videos --predictions --compat --neutral --scale --save --force --require --format --help --version --model --threads --dtype --log-level --quiet --verbose' ;;
    extract:--track) ;;
    extract:--encoding) ;;
    extract:--language) ;;
    extract:--fps) ;;
    extract:--frames) words='every keyframes' ;;
    extract:--start) ;;
    extract:--end) ;;
    extract:--subs) compopt -o default ;;
    extract:--transcribe) words='auto never always' ;;
    extract:--audio-track) ;;
    extract:--speech) compopt -o plusdirs -o filenames ;;
    extract:--output) compopt -o plusdirs -o filenames ;;
    extract:--vectors) compopt -o plusdirs -o filenames ;;
    extract:*) options='--no-subs --track --encoding --language --fps --frames --start --end --subs --transcribe --audio-track --speech --output --vectors --force --help --version --model --threads --dtype --log-level --quiet --verbose' ;;
    inspect:--encoding) ;;
    inspect:--language) ;;
    inspect:*) options='--encoding --language --help --version --model --threads --dtype --log-level --quiet --verbose' ;;
    report:--output) compopt -o default ;;
    report:*) options='--output --thumbnails --force --help --version --model --threads --dtype --log-level --quiet --verbose' ;;
    tokenize:--vocab) compopt -o default ;;
    tokenize:--spm) compopt -o default ;;
    tokenize:*) options='--vocab --cased --spm --help --version --model --threads --dtype --log-level --quiet --verbose' ;;
    *) words='classify transcribe batch evaluate extract inspect report tokenize --help --version --model --threads --dtype --log-level --quiet --verbose' ;;
  esac
  if [[ -n $options && $word == -* ]]; then
    words=$options
  elif [[ -n $options ]]; then
    compopt -o default
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _vsa vsa
