#include "git/failure.h"

#include <gtest/gtest.h>

namespace flux::git {
namespace failure_test {

using enum GitFailure;

/// What follows everything that goes wrong with ssh.
constexpr std::string_view kSshEnd =
    "fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\n"
    "and the repository exists.\n";
constexpr std::string_view kPushEnd = "error: failed to push some refs to 'https://git.test/x'\n";

struct Row {
  GitFailure failure;
  std::string output;
};

std::string ssh(std::string_view what) { return std::string(what) + std::string(kSshEnd); }
std::string push(std::string_view what) { return std::string(what) + std::string(kPushEnd); }

/// As git 2.39.5 and OpenSSH 9.2 printed them.
const Row kOwnWords[] = {
    {unknown_host, ssh("ssh: Could not resolve hostname no-such.invalid: Name or service not known\n")},
    {unknown_host, "fatal: unable to access 'https://no-such.invalid/x/': Could not resolve host: no-such.invalid\n"},
    {unknown_host, "fatal: unable to look up no-such.invalid (port 9418) (Name or service not known)\n"},
    {unreachable, ssh("ssh: connect to host 127.0.0.1 port 1: Connection refused\n")},
    {unreachable, ssh("kex_exchange_identification: Connection closed by remote host\n"
                      "Connection closed by UNKNOWN port 65535\n")},
    {unreachable, ssh("kex_exchange_identification: read: Connection reset by peer\n"
                      "Connection reset by 127.0.0.1 port 59785\n")},
    {unreachable, ssh("ssh: connect to host 10.255.255.1 port 22: Connection timed out\n")},
    {unreachable, ssh("ssh: connect to host 10.0.0.9 port 22: No route to host\n")},
    {unreachable,
     "fatal: unable to access 'http://127.0.0.1:1/x/': Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't "
     "connect to server\n"},
    {unreachable, "fatal: unable to connect to 127.0.0.1:\n127.0.0.1[0: 127.0.0.1]: errno=Connection refused\n\n"},
    {unreachable, "fatal: read error: Connection reset by peer\n"},
    {unreachable, "fatal: unable to access 'http://127.0.0.1:9/x/': Recv failure: Connection reset by peer\n"},
    {unreachable,
     "fatal: unable to access 'https://127.0.0.1:9/x/': gnutls_handshake() failed: Error in the pull "
     "function.\n"},
    {unreachable, "fatal: unable to access 'http://127.0.0.1:9/503/x/': The requested URL returned error: 503\n"},
    {unreachable, "fatal: unable to access 'http://127.0.0.1:9/429/x/': The requested URL returned error: 429\n"},
    {unreachable,
     "fetch-pack: unexpected disconnect while reading sideband packet\nfatal: early EOF\n"
     "fatal: fetch-pack: invalid index-pack output\n"},
    {unreachable, "fatal: the remote end hung up unexpectedly\n"},
    {untrusted_host, ssh("No ED25519 host key is known for git.test and you have requested strict checking.\n"
                         "Host key verification failed.\n")},
    {untrusted_host,
     "fatal: unable to access 'https://127.0.0.1:9/x/': server certificate verification failed. CAfile: "
     "/etc/ssl/certs/ca-certificates.crt CRLfile: none\n"},
    {untrusted_host, "fatal: unable to access 'https://h/x/': SSL certificate problem: self-signed certificate\n"},
    {access_denied, ssh("Warning: Permanently added 'git.test' (ED25519) to the list of known hosts.\n"
                        "root@git.test: Permission denied (publickey,password,keyboard-interactive).\n")},
    {access_denied, "fatal: could not read Username for 'http://127.0.0.1:34359': terminal prompts disabled\n"},
    {access_denied, "fatal: could not read Password for 'http://ann@127.0.0.1:34359': terminal prompts disabled\n"},
    {access_denied, "fatal: Authentication failed for 'http://127.0.0.1:34359/401/x/'\n"},
    {access_denied, "fatal: unable to access 'http://127.0.0.1:9/403/x/': The requested URL returned error: 403\n"},
    {not_found, ssh("fatal: '/nowhere/x' does not appear to be a git repository\n")},
    {not_found, "fatal: repository 'http://127.0.0.1:34359/404/x/' not found\n"},
    {not_found, "fatal: remote error: access denied or repository not exported: /x\n"},
    {no_atomic_push, push("fatal: the receiving end does not support --atomic push\n")},
    {not_fast_forward, push("To /srv/x\n ! [rejected]        main -> main (fetch first)\n")},
    {not_fast_forward, push("To /srv/x\n ! [rejected]        main -> main (non-fast-forward)\n")},
    {not_fast_forward, push("To /srv/x\n ! [rejected]        main -> main (stale info)\n")},
    {not_fast_forward, push("To /srv/x\n ! [rejected]        v -> v (already exists)\n")},
    {not_fast_forward, push("remote: error: denying non-fast-forward refs/heads/main (you should pull first)        \n"
                            "To /srv/x\n ! [remote rejected] main -> main (non-fast-forward)\n")},
    {not_fast_forward, push("remote: error: cannot lock ref 'refs/heads/main': is at 6c1d2 but expected 8f3e1\n"
                            "To /srv/x\n ! [remote rejected] main -> main (failed to update ref)\n")},
    {declined,
     push("remote: no way        \nTo /srv/x\n ! [remote rejected] main -> main (pre-receive hook declined)\n")},
    {declined, push("remote: error: hook declined to update refs/heads/main        \nTo /srv/x\n"
                    " ! [remote rejected] main -> main (hook declined)\n")},
    {declined, push("remote: error: denying ref deletion for refs/tags/v\nTo /srv/x\n"
                    " ! [remote rejected] v (deletion prohibited)\n")},
    {declined,
     push("remote: error: cannot lock ref 'refs/heads/main': Unable to create '/srv/x/./refs/heads/main.lock': "
          "File exists.        \nTo /srv/x\n ! [remote rejected] main -> main (failed to update ref)\n")},
    {remote_damaged,
     "remote: fatal: bad object e3cb9631f9dd0ace721c1d475b797e30c3b7aed9        \nerror: git upload-pack: "
     "git-pack-objects died with error.\nfatal: git upload-pack: aborting due to possible repository corruption on the "
     "remote side.\nremote: aborting due to possible repository corruption on the remote side. \n"
     "fatal: protocol error: bad pack header\n"},
    {remote_damaged, "fatal: remote error: upload-pack: not our ref 05704c9bdda0ba23a35d1c66abca029c87c33b90\n"},
    {other_format, "fatal: mismatched algorithms: client sha1; server sha256\n"},
    {other_format,
     "fatal: Server does not support this repository's object format\nfatal: the remote end hung up unexpectedly\n"},
    {missing_ref, "fatal: couldn't find remote ref refs/heads/nope\n"},
    {missing_ref, push("error: unable to delete 'nope': remote ref does not exist\n")},
    {disk_full, "fatal: unable to write loose object file: No space left on device\nfatal: unpack-objects failed\n"},
    {disk_full, "error: copy-fd: write returned: No space left on device\n"},
    {disk_full, push("remote: fatal: unable to write loose object file: No space left on device        \n"
                     "error: remote unpack failed: unpack-objects abnormal exit\nTo /mnt/b\n"
                     " ! [remote rejected] HEAD -> full (unpacker error)\n")},
    {locked,
     "error: cannot lock ref 'refs/heads/main': Unable to create '/tmp/b/./refs/heads/main.lock': File exists.\n"
     "\nAnother git process seems to be running in this repository, e.g.\n"},
    {locked, "fatal: Unable to create '/tmp/b/./packed-refs.lock': File exists.\n"},
    {locked, "error: could not lock config file config: File exists\n"},
    {damaged,
     "error: object file objects/c7/744880d122641ed286b14263b4fe879647064a is empty\nfatal: loose object "
     "c7744880d122641ed286b14263b4fe879647064a (stored in objects/c7/744880) is corrupt\n"},
    {damaged, push("fatal: unable to read d00491fd7e5bb6fa28c517a0bb32b8b506539d4d\n"
                   "error: remote unpack failed: eof before pack header was fully read\nTo /srv/x\n"
                   " ! [remote rejected] main -> main (unpacker error)\n")},
    {damaged,
     "error: inflate: data stream error (invalid bit length repeat)\nfatal: packed object 55c6db8 (stored in "
     "objects/pack/pack-d1e401816b10010d176bf0241a2876ee2ffe84a7.pack) is corrupt\n"},
    {damaged, "fatal: bad object refs/heads/main\nerror: /srv/x did not send all necessary objects\n\n"},
    {damaged, "error: refs/heads/main does not point to a valid object!\nerror: Could not read 55c6db8\n"},
    {damaged, "fatal: refs/heads/main cannot be resolved to branch\nfatal: the remote end hung up unexpectedly\n"},
    {damaged, "fatal: not a git repository (or any of the parent directories): .git\n"},
    {timed_out, "error: RPC failed; curl 28 Operation timed out after 30001 milliseconds with 0 bytes received\n"},
    {timed_out, "error: RPC failed; curl 28 Operation too slow. Less than 1000 bytes/sec transferred the last 30 s\n"},
    {other, ""},
    {other, "fatal: unable to fork\n"},
    {other, "fatal: unable to look up current user in the passwd file: no such user\n"},
    {unwritable, "fatal: unable to write loose object file: Read-only file system\n"},
    {unwritable, "error: insufficient permission for adding an object to repository database objects\n"},
    {unwritable, "fatal: Unable to create '/tmp/b/./packed-refs.lock': Read-only file system\n"},
    {unwritable, "fatal: write error: Input/output error\nfatal: fetch-pack: invalid index-pack output\n"},
    {declined, push("error: remote unpack failed: unable to create temporary object directory\nTo /srv/x\n"
                    " ! [remote rejected] main -> main (unpacker error)\n")},
    {damaged, "fatal: bad config line 1 in file /tmp/b/config\n"},
    {damaged, "fatal: unexpected line in ./packed-refs: garbage\n"},
    {other, "error: index-pack died of signal 9\nfatal: fetch-pack: invalid index-pack output\n"},
    {other, "error: src refspec nix does not match any\nerror: failed to push some refs to '/srv/x'\n"},
    {other, std::string(kSshEnd)},
};

/// As the forges say it through git.
const Row kForges[] = {
    {not_found, ssh("ERROR: Repository not found.\n")},
    {not_found, "remote: Repository not found.\nfatal: repository 'https://github.com/a/b/' not found\n"},
    {not_found, ssh("remote: \nremote: ERROR: The project you were looking for could not be found or you don't have "
                    "permission to view it.\n")},
    {not_found, ssh("conq: repository does not exist.\n")},
    {access_denied, ssh("git@github.com: Permission denied (publickey).\n")},
    {access_denied, ssh("ERROR: The key you are authenticating with has been marked as read only.\n")},
    {access_denied, ssh("ERROR: Permission to a/b.git denied to deploy key\n")},
    {access_denied,
     "remote: Permission to a/b.git denied to ann.\nfatal: unable to access 'https://github.com/a/b/': The "
     "requested URL returned error: 403\n"},
    {access_denied,
     "remote: HTTP Basic: Access denied. The provided password or token is incorrect\nfatal: "
     "Authentication failed for 'https://gitlab.com/a/b.git/'\n"},
    {access_denied, ssh("remote: \nremote: ERROR: You are not allowed to push code to this project.\nremote: \n")},
    {access_denied, ssh("ERROR: This deploy key does not have write access to this project.\n")},
    {protected_ref,
     push("remote: error: GH006: Protected branch update failed for refs/heads/main.        \n"
          "To github.com:a/b.git\n ! [remote rejected] main -> main (protected branch hook declined)\n")},
    {protected_ref, push("remote: error: GH013: Repository rule violations found for refs/heads/main.        \n"
                         "To github.com:a/b.git\n"
                         " ! [remote rejected] main -> main (push declined due to repository rule violations)\n")},
    {protected_ref, push("remote: GitLab: You are not allowed to push code to protected branches on this project.\n"
                         "To gitlab.com:a/b.git\n ! [remote rejected] main -> main (pre-receive hook declined)\n")},
    {protected_ref, push("remote: GitLab: You are not allowed to create this tag as it is protected.\n"
                         "To gitlab.com:a/b.git\n ! [remote rejected] v1 -> v1 (pre-receive hook declined)\n")},
    {protected_ref, push("remote: Branch refs/heads/main can only be modified through pull requests.\n"
                         "To bitbucket.org:a/b.git\n ! [remote rejected] main -> main (pre-receive hook declined)\n")},
};

TEST(Classify, tells_what_git_and_ssh_say) {
  for (const auto& [failure, output] : kOwnWords) EXPECT_EQ(classify(output), failure) << output;
}

TEST(Classify, tells_what_forges_say) {
  for (const auto& [failure, output] : kForges) EXPECT_EQ(classify(output), failure) << output;
}

TEST(Classify, believes_the_remote_only_about_itself) {
  // A hook may print anything.
  for (const auto* text : {"object file is corrupt", "'/x.lock': File exists", "fatal: bad object",
                           "Connection refused", "Could not resolve host: db", "couldn't find remote ref"})
    EXPECT_EQ(classify(push("remote: " + std::string(text) +
                            "\nTo /srv/x\n ! [remote rejected] main -> main (pre-receive hook declined)\n")),
              declined)
        << text;
}

TEST(Classify, every_kind_has_something_that_can_be_done) {
  for (int kind = 0; kind < static_cast<int>(other); ++kind)
    EXPECT_FALSE(help_for(static_cast<GitFailure>(kind)).empty()) << kind;
  EXPECT_EQ(help_for(other), "");
}

TEST(GitError, becomes_a_plain_error_and_keeps_its_kind_in_a_wrap) {
  const auto wrapped = wrap(GitError({ErrorKind::server, "no", "help"}, locked), "pushing");
  EXPECT_EQ(wrapped.value().failure, locked);
  EXPECT_EQ(wrapped.value().message, "pushing: no");
  const Result<int> plain = Failure(wrapped.value());
  EXPECT_EQ(plain.error().help, "help");
  const GitResult<int> from_plain = fail(ErrorKind::user, "x");
  EXPECT_EQ(from_plain.error().failure, other);
}

}  // namespace failure_test
}  // namespace flux::git
