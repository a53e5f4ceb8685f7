package analyze

import (
	"fmt"
	"strconv"
	"strings"
)

// The range of Kubernetes minors whose behaviour is modelled (K360, K361).
const (
	OldestMinor = 30
	NewestMinor = 36
)

// A Version is a Kubernetes minor, 1.Minor, and how we know it.
type Version struct {
	Minor int
	Basis Basis
	// Gates are feature gates set by hand (--feature-gates).
	Gates map[string]bool
}

// DefaultVersion is assumed where neither a server nor a flag names one.
func DefaultVersion() Version { return Version{Minor: NewestMinor, Basis: Assumed} }

// ParseVersion reads "1.36", "v1.36.3" or "v1.36.3-gke.100". A minor outside
// the modelled range is moved to the nearest one; gap then says so.
func ParseVersion(text string) (v Version, gap *Gap, err error) {
	parts := strings.SplitN(strings.TrimPrefix(text, "v"), ".", 3)
	if len(parts) < 2 || parts[0] != "1" {
		return v, nil, fmt.Errorf("kubernetes version %q is not of the form 1.36", text)
	}
	digits := strings.TrimRight(parts[1], "+")
	minor, err := strconv.Atoi(digits)
	if err != nil || minor < 0 {
		return v, nil, fmt.Errorf("kubernetes version %q is not of the form 1.36", text)
	}
	v = Version{Minor: min(max(minor, OldestMinor), NewestMinor), Basis: Written}
	if v.Minor != minor {
		gap = &Gap{
			What: fmt.Sprintf("behaviour of Kubernetes 1.%d", minor),
			Why:  fmt.Sprintf("only 1.%d to 1.%d are modelled; 1.%d is used", OldestMinor, NewestMinor, v.Minor),
		}
	}
	return v, gap, nil
}

// String is "1.36".
func (v Version) String() string { return fmt.Sprintf("1.%d", v.Minor) }

// AtLeast says whether the version is 1.minor or newer.
func (v Version) AtLeast(minor int) bool { return v.Minor >= minor }
