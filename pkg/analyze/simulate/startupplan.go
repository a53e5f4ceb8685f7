package simulate

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// DefaultHorizon ends a forecast of start-ups and restarts, in seconds.
const DefaultHorizon = 900.0

// A startPlan is what all replays of one pod have in common: the manifest and
// what is assumed about the application.
type startPlan struct {
	object   *analyze.Object
	template analyze.PodTemplate
	spec     *corev1.PodSpec
	version  analyze.Version
	horizon  float64
	// After mostAlarms a replay gives up; shortened says that one did, so that
	// the horizon is nearer than asked for.
	mostAlarms int
	shortened  bool

	containers []planned // init containers and sidecars in spec order, then apps
	inits      int
	sandbox    analyze.Bounds
	volumes    bool // mounting them delays the first sync (K107)
	ladder     Ladder

	onDemand          bool // K103: relist a pod after its sync
	expiryRequeue     bool // K104: come back when the back-off ends
	readyAtSandbox    bool // K112: the sandbox is shown at once
	stickyInitialised bool // K242

	// deleteAt is the pod's age at its delete; nil = it is not deleted.
	deleteAt *float64

	live *livePod // what a status tells; nil = the pod is forecast from its binding on

	assumptions []analyze.Assumption
	gaps        []analyze.Gap
}

// planned is one container with what it is assumed to do. Seconds.
type planned struct {
	analyze.Container
	specGrace int64

	runs                           analyze.Bounds
	exitCode, stopExitCode         int32
	startupAfter, readyAfter       analyze.Bounds
	readyWhenUp                    bool           // its readiness probe would pass as soon as it is up
	failsAfter                     analyze.Bounds // its liveness probe would fail from then on
	hasPostStart, postStartFails   bool
	postStartExec                  bool
	postStart, preStop, stop, pull analyze.Bounds
	hasPreStop                     bool
	stopNote                       analyze.Assumption // listed where the container is killed
	probeTakes                     [3]float64
}

// A planner collects what was assumed while it plans.
type planner struct {
	*startPlan
	sc  Scenario
	pod string
}

func planStart(s *analyze.Snapshot, o *analyze.Object, sc Scenario) (*startPlan, error) {
	t, ok := analyze.PodTemplateOf(o.API)
	if !ok {
		return nil, fmt.Errorf("%s is not a pod and does not make pods", o.Ref)
	}
	if !sc.AnyContainer {
		if err := sc.Assumptions.Check(o); err != nil {
			return nil, err
		}
	}
	v := s.Version
	p := &planner{startPlan: &startPlan{
		object: o, template: t, spec: t.Spec, version: v, horizon: DefaultHorizon, mostAlarms: maxAlarms,
		inits: len(t.Spec.InitContainers), ladder: BackoffLadder(v), volumes: mountsVolumes(t.Spec),
		onDemand: GateOn(v, GateOnDemandRelist), expiryRequeue: v.AtLeast(35),
		readyAtSandbox: v.AtLeast(36), stickyInitialised: GateOn(v, GateRestartAll),
	}, sc: sc, pod: o.Name}
	if sc.Horizon > 0 {
		p.horizon = sc.Horizon.Seconds()
	}
	p.gaps = append(p.gaps, gateGaps(v)...)
	p.planSandbox()
	for _, c := range t.Containers() {
		if c.Type != analyze.EphemeralContainer {
			p.containers = append(p.containers, p.container(c))
		}
	}
	p.planGaps()
	return p.startPlan, nil
}

// mountsVolumes says whether the kubelet has to wait for volumes: those of the
// spec, or the service account's token that admission adds.
func mountsVolumes(spec *corev1.PodSpec) bool {
	return len(spec.Volumes) > 0 || spec.AutomountServiceAccountToken == nil || *spec.AutomountServiceAccountToken
}

// Sandboxes of the host's network need no network plugin.
var (
	sandboxOfHost = analyze.Bounds{Earliest: 0.04, Likely: 0.07, Latest: 0.25}
	sandboxOfPod  = analyze.Bounds{Earliest: 0.04, Likely: 0.1, Latest: 0.5}
)

func (p *planner) planSandbox() {
	_, said := p.sc.Assumptions.PodLevel(p.pod)
	switch {
	case said != nil:
		p.sandbox = *said
		p.assume("", "sandbox", *said, analyze.Assumed, givenByUser)
	case p.spec.HostNetwork:
		p.sandbox = sandboxOfHost
		p.assume("", "sandbox", sandboxOfHost, analyze.Assumed, "a sandbox in the host's network")
	default:
		p.sandbox = sandboxOfPod
		p.assume("", "sandbox", sandboxOfPod, analyze.Assumed, "a sandbox with a network plugin")
	}
}

// openGates are the readiness gates that no status shows as passed (K145).
func (p *startPlan) openGates() []corev1.PodReadinessGate {
	pod, _ := p.object.API.(*corev1.Pod)
	var open []corev1.PodReadinessGate
	for _, gate := range p.spec.ReadinessGates {
		passed := pod != nil && slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
			return c.Type == gate.ConditionType && c.Status == corev1.ConditionTrue
		})
		if !passed {
			open = append(open, gate)
		}
	}
	return open
}

func (p *startPlan) gated() bool { return len(p.openGates()) > 0 }

func (p *planner) planGaps() {
	for _, gate := range p.openGates() {
		p.gaps = append(p.gaps, analyze.Gap{
			What: fmt.Sprintf("when the readiness gate %q is passed", gate.ConditionType),
			Why:  "something outside the kubelet sets this condition; the pod is ready no earlier than its containers",
		})
	}
	if slices.ContainsFunc(p.containers, func(c planned) bool { return c.pull.Latest > assumedAsk.Latest }) {
		p.gaps = append(p.gaps, analyze.Gap{
			What: "how long image pulls wait for those of other pods on the node",
			Why:  "a node pulls one image at a time unless serializeImagePulls is off (K126); within a pod they follow each other in any case (K119)",
		})
	}
	if p.spec.OS != nil && p.spec.OS.Name == corev1.Windows {
		p.gaps = append(p.gaps, analyze.Gap{What: "start-up on Windows", Why: "only the kubelet on Linux is modelled"})
	}
	if p.object.GroupKind() == analyze.KindPod && p.spec.NodeName == "" {
		p.gaps = append(p.gaps, analyze.Gap{
			What: "the time until the pod is bound to a node",
			Why:  "scheduling is not forecast; time 0 is the binding",
		})
	}
}

// givenByUser is why an assumption of the user holds.
const givenByUser = "given by --assume"

func (p *planner) assume(container, key string, b analyze.Bounds, basis analyze.Basis, why string) {
	p.assumptions = append(p.assumptions, p.assumption(container, key, b, basis, why))
}

func (p *planner) assumption(container, key string, b analyze.Bounds, basis analyze.Basis, why string) analyze.Assumption {
	name := container
	if name == "" {
		name = defaultsName
	}
	return analyze.Assumption{
		Container: container, Key: key, Value: rangeText(b), Basis: basis, Why: why,
		Flag: assumeFlag(name, key, b, why),
	}
}
