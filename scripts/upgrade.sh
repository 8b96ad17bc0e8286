#!/bin/sh
# Merge a release of this project into a copy that has tools of its own.
#
# Usage: scripts/upgrade.sh VERSION [UPSTREAM]
#
# VERSION is a release, such as 1.1.0, and UPSTREAM a remote with the releases of the project, or its URL (default:
# upstream). The files in scripts/owner-files.txt stay as they are in the copy. A copy without the history of the project,
# which pulumi new and templates make, is connected first with the release that its runtime/version.py states.
#
# The exit status is 0 if the release is merged and committed, 1 if files are in conflict, which git status names, and 2
# for wrong usage or if nothing could be merged.
set -eu
cd "$(dirname "$0")/.."

say() {
    echo "$1" >&2
}

refuse() {
    say "$0: $1"
    exit 2
}

# The owner's tags may have the same names, so those of the project have a place of their own.
fetch_release() {
    git fetch --quiet --no-tags "$upstream" "+refs/tags/v$1:refs/upstream/v$1" ||
        refuse "there is no release v$1 at $upstream; name the project: git remote add upstream URL"
}

connect() {
    old=$(sed -n 's/^VERSION: Final = "\(.*\)"$/\1/p' runtime/version.py)
    say "This copy has no history of the project: connecting it with v$old, which runtime/version.py states"
    fetch_release "$old"
    git merge --quiet --allow-unrelated-histories --strategy=ours -m "Connect with the release v$old" "refs/upstream/v$old"
}

keep_own_files() {
    echo "$owned" | while read -r path; do
        if [ -n "$(git diff --name-only HEAD -- "$path")" ]; then
            git restore --source=HEAD --staged --worktree -- "$path"
        fi
    done
}

upgrade() {
    [ $# -ge 1 ] && [ $# -le 2 ] || refuse "name a release: scripts/upgrade.sh 1.1.0"
    new=$1 upstream=${2:-upstream}
    [ "$(git rev-parse --is-shallow-repository)" = false ] || refuse "this clone is shallow: git fetch --unshallow"
    [ -z "$(git status --porcelain --untracked-files=no)" ] || refuse "commit or stash your changes first"
    # The merge may change the list.
    owned=$(cat scripts/owner-files.txt)
    fetch_release "$new"
    git merge-base HEAD "refs/upstream/v$new" >/dev/null || connect
    status=0
    git merge --quiet --no-ff --no-commit "refs/upstream/v$new" || status=$?
    if ! git rev-parse --quiet --verify MERGE_HEAD >/dev/null; then
        [ $status -eq 0 ] || refuse "git could not merge v$new; its message is above"
        say "v$new is in this copy already"
        return 0
    fi
    keep_own_files
    conflicts=$(git diff --name-only --diff-filter=U)
    if [ -n "$conflicts" ]; then
        say "You and v$new have changed the same lines of:"
        say "$conflicts"
        say "Mend them, then git commit; or go back: git merge --abort"
        return 1
    fi
    git commit --quiet -m "Upgrade to v$new"
    say "v$new is merged. Read CHANGELOG.md, then: make check, and pulumi preview for each stack"
}

# The merge may replace this script, so all of it has been read by now.
upgrade "$@"
exit
