package simulate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// The triggers of a termination (--on), and that of a start-up.
const (
	OnDelete       = "delete"        // kubectl delete, a controller, the garbage collector (K1–K9)
	OnEvict        = "evict"         // the Eviction API (K8)
	OnDrain        = "drain"         // kubectl drain: evictions, grace from --grace-period (K1)
	OnPreempt      = "preempt"       // the scheduler's preemption: an ordinary delete (K9)
	OnSoftEviction = "soft-eviction" // node pressure, soft threshold (K61)
	OnHardEviction = "hard-eviction" // node pressure, hard threshold or a storage limit (K60)
	OnNodeShutdown = "node-shutdown" // graceful node shutdown (K66–K68)
	OnDeadline     = "deadline"      // activeDeadlineSeconds (K73)
	OnLiveness     = "liveness"      // a liveness probe reached its threshold (K31, K32, K222)
	OnStartup      = "startup"       // a startup probe reached its threshold (K31, K32, K222)
	OnCreate       = "create"        // a start-up
)

// Triggers lists what --on takes, in the order of the help text.
func Triggers() []string {
	return []string{
		OnDelete, OnEvict, OnDrain, OnPreempt, OnSoftEviction, OnHardEviction,
		OnNodeShutdown, OnDeadline, OnLiveness, OnStartup,
	}
}

// A Scenario is the question: what happens to the pod, when, and under which
// assumptions. The zero Scenario is a plain "kubectl delete" long after
// everything is up. The Kubernetes version and feature gates come with the
// Snapshot.
type Scenario struct {
	// Trigger is one of Triggers(); "" means delete.
	Trigger string
	// GracePeriod is --grace-period in seconds; nil = not given, as is a
	// negative number (K1).
	GracePeriod *int64
	// Now is --now (grace 1), Force is --force (grace 0).
	Now, Force bool
	// Then are further deletes with other grace periods (--then 5@2s).
	Then []ShorterDelete
	// At is how long after the pod was bound the trigger comes (--at); nil =
	// long after everything is up.
	At *time.Duration
	// ShutdownGrace is the seconds that the node's shutdown configuration gives
	// the pod's priority group (K67); nil = not known: the kubelet's default
	// configuration gives none.
	ShutdownGrace *int64
	// EvictionMaxGrace is the kubelet's evictionMaxPodGracePeriod in seconds
	// (K61); nil = its default, 0.
	EvictionMaxGrace *int64
	// Container is the one whose probe fails, for liveness and startup; "" =
	// the first one that has such a probe.
	Container string
	// Assumptions are what the user says about the application; nil = nothing.
	Assumptions *Assumptions
	// Horizon ends a forecast of restarts; 0 = 15 minutes.
	Horizon time.Duration
	// AnyContainer accepts assumptions about containers that this pod does not
	// have: for several subjects, after Assumptions.Check has seen all of them.
	AnyContainer bool
}

// A ShorterDelete is another delete while the first is under way (K6).
type ShorterDelete struct {
	// Grace is the period it asks for in seconds; 0 removes the object at once.
	Grace int64
	// Offset is the time between the first delete and this one.
	Offset time.Duration
}

// ParseThen reads one value of --then: GRACE@OFFSET, such as "5@2s" or "0@500ms".
func ParseThen(text string) (ShorterDelete, error) {
	grace, offset, ok := strings.Cut(text, "@")
	var out ShorterDelete
	if !ok {
		return out, fmt.Errorf("%q is not of the form GRACE@OFFSET, such as 5@2s", text)
	}
	var err error
	if out.Grace, err = strconv.ParseInt(strings.TrimSuffix(grace, "s"), 10, 64); err != nil {
		return out, fmt.Errorf("%q: the grace period %q is not a whole number of seconds", text, grace)
	}
	b, err := parseDuration(offset)
	if err != nil || b == analyze.Never {
		return out, fmt.Errorf("%q: the offset %q is not a duration such as 2s", text, offset)
	}
	out.Offset = seconds(b)
	return out, nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// Check says what is wrong with the scenario as such, before any pod is looked
// at; the error is final text for the user.
func (sc Scenario) Check() error {
	if sc.Trigger != "" && !slices.Contains(Triggers(), sc.Trigger) {
		return fmt.Errorf("unknown trigger %q: use one of %s", sc.Trigger, strings.Join(Triggers(), ", "))
	}
	if err := sc.checkDelete(); err != nil {
		return err
	}
	return sc.checkFlagsOfTrigger()
}

// checkDelete refuses what kubectl delete refuses (K1), and asks for a delete
// where one of its flags stands.
func (sc Scenario) checkDelete() error {
	asked := sc.GracePeriod != nil && *sc.GracePeriod >= 0
	switch {
	case sc.Now && asked:
		return fmt.Errorf("--now and --grace-period cannot be specified together")
	case sc.Force && asked && *sc.GracePeriod > 0:
		return fmt.Errorf("--force and --grace-period greater than 0 cannot be specified together")
	case sc.Force && sc.Now:
		return fmt.Errorf("--force and --now cannot be specified together: --now asks for a grace period of 1s, --force for 0")
	}
	if (sc.Now || sc.Force || len(sc.Then) > 0) && sc.byKubelet() {
		return fmt.Errorf("--now, --force and --then belong to a delete: with --on %s it is the kubelet that acts", sc.Trigger)
	}
	return nil
}

// checkFlagsOfTrigger refuses flags that mean nothing for the trigger.
func (sc Scenario) checkFlagsOfTrigger() error {
	switch trigger := sc.trigger(); {
	case sc.ShutdownGrace != nil && trigger != OnNodeShutdown:
		return fmt.Errorf("--shutdown-grace-period belongs to --on %s", OnNodeShutdown)
	case sc.EvictionMaxGrace != nil && trigger != OnSoftEviction:
		return fmt.Errorf("--eviction-max-grace-period belongs to --on %s", OnSoftEviction)
	case sc.Container != "" && trigger != OnLiveness && trigger != OnStartup:
		return fmt.Errorf("--container belongs to --on %s and --on %s", OnLiveness, OnStartup)
	}
	return nil
}

// trigger is the trigger's name with the default filled in.
func (sc Scenario) trigger() string {
	if sc.Trigger == "" {
		return OnDelete
	}
	return sc.Trigger
}

// byKubelet says that no API request starts the termination: time 0 is the
// moment the kubelet begins to act, and the object stays.
func (sc Scenario) byKubelet() bool {
	switch sc.trigger() {
	case OnSoftEviction, OnHardEviction, OnNodeShutdown, OnDeadline, OnLiveness, OnStartup:
		return true
	}
	return false
}
