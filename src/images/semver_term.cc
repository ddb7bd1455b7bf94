#include "images/semver_term.h"

namespace flux::images {
namespace {

using Term = VersionConstraint::Term;
using Op = Term::Op;
using Gap = Term::Gap;

bool same_major(const Version& a, const Version& b) { return a.major == b.major; }
bool same_minor(const Version& a, const Version& b) { return same_major(a, b) && a.minor == b.minor; }
bool same_patch(const Version& a, const Version& b) { return same_minor(a, b) && a.patch == b.patch; }

bool within_tilde(const Term& term, const Version& version) {
  if (version < term.version) return false;
  // `~0.0.0` means anything to the library, as `*` does.
  if (term.gap == Gap::all || (term.gap == Gap::none && same_patch(term.version, Version()))) return true;
  return term.gap == Gap::minor ? same_major(version, term.version) : same_minor(version, term.version);
}

bool within_caret(const Term& term, const Version& version) {
  if (version < term.version) return false;
  if (term.gap == Gap::all) return true;
  if (term.version.major > 0 || term.gap == Gap::minor) return same_major(version, term.version);
  if (term.version.minor > 0 || term.gap == Gap::patch) return same_minor(version, term.version);
  return same_patch(version, term.version);
}

bool differs(const Term& term, const Version& version) {
  if (term.gap == Gap::minor) return !same_major(version, term.version);
  if (term.gap != Gap::patch) return version != term.version;
  // `!=1.2.x-0` lets other pre-releases of 1.2 pass, and its releases.
  return !same_minor(version, term.version) || version.prerelease != term.version.prerelease;
}

bool above(const Term& term, const Version& version) {
  if (term.gap == Gap::minor) return version.major > term.version.major;
  if (term.gap == Gap::patch && same_major(version, term.version)) return version.minor > term.version.minor;
  if (term.gap == Gap::patch) return version.major > term.version.major;
  return version > term.version;
}

bool not_above(const Term& term, const Version& version) {
  if (term.gap == Gap::none) return version <= term.version;
  if (!same_major(version, term.version)) return version.major < term.version.major;
  return term.gap == Gap::minor || version.minor <= term.version.minor;
}

}  // namespace

bool holds(const Term& term, const Version& version) {
  const bool uninvited = !version.prerelease.empty() && term.version.prerelease.empty();
  if (uninvited) return term.op == Op::not_equal && term.gap == Gap::none;
  switch (term.op) {
    case Op::equal:
      return term.gap == Gap::none ? version == term.version : within_tilde(term, version);
    case Op::not_equal:
      return differs(term, version);
    case Op::greater:
      return above(term, version);
    case Op::less:
      return version < term.version;
    case Op::greater_equal:
      return version >= term.version;
    case Op::less_equal:
      return not_above(term, version);
    case Op::tilde:
      return within_tilde(term, version);
    case Op::caret:
      return within_caret(term, version);
  }
  return false;
}

}  // namespace flux::images
