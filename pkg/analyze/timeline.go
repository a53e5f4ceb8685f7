package analyze

// APIVersion is that of every document the program prints.
const APIVersion = "kubectl-lifecycle/v1alpha1"

// Question is what a Timeline answers.
type Question string

// The questions.
const (
	Termination Question = "termination"
	Startup     Question = "startup"
	Restart     Question = "restart"
	Life        Question = "life"
)

// EventType names what happens, in the words of the contract.
type EventType string

// Event types of a termination; ContainerExited is shared by all questions.
const (
	PreStopStarted   EventType = "PreStopStarted"
	PreStopFinished  EventType = "PreStopFinished"
	SignalSent       EventType = "SignalSent"
	ContainerExited  EventType = "ContainerExited"
	EndpointNotReady EventType = "EndpointNotReady"
	PodRemoved       EventType = "PodRemoved"
)

// Event types of a start-up and of restarts.
const (
	PodScheduled           EventType = "PodScheduled"
	SandboxReady           EventType = "SandboxReady"
	ContainerStarted       EventType = "ContainerStarted"
	PostStartFinished      EventType = "PostStartFinished"
	ContainerStartedStatus EventType = "ContainerStartedStatus"
	ContainerReady         EventType = "ContainerReady"
	PodInitialized         EventType = "PodInitialized"
	ContainersReady        EventType = "ContainersReady"
	PodReady               EventType = "PodReady"
	BackoffStarted         EventType = "BackoffStarted"
)

// A Timeline is what would happen, second by second. Offsets count from the
// trigger.
type Timeline struct {
	APIVersion        string       `json:"apiVersion"`
	Kind              string       `json:"kind"` // "Timeline"
	Question          Question     `json:"question"`
	Subject           Ref          `json:"subject"`
	KubernetesVersion string       `json:"kubernetesVersion"`
	Trigger           Trigger      `json:"trigger"`
	Events            []Event      `json:"events"` // sorted by likely, then container order
	Spans             []Span       `json:"spans"`
	Verdict           Verdict      `json:"verdict"`
	CriticalChain     []string     `json:"criticalChain"` // event or span ids, first cause first
	Assumptions       []Assumption `json:"assumptions"`
	Findings          []Finding    `json:"findings,omitempty"`
	Gaps              []Gap        `json:"gaps"`
	// Containers lists the containers in the order of the lanes.
	Containers []LaneInfo `json:"containers,omitempty"`
	// Now is set for a pod that is already terminating or starting: seconds from
	// time 0 to the moment of the snapshot ("you are here").
	Now *float64 `json:"nowSeconds,omitempty"`
}

// LaneInfo describes one lane of the picture.
type LaneInfo struct {
	Name string `json:"name"`
	Type string `json:"type"` // init, sidecar, app, ephemeral; "pod" and "traffic" for the lanes that are no container
}

// A Trigger is what sets the clock going.
type Trigger struct {
	Type               string `json:"type"` // delete, evict, drain, …; "create" for a start-up
	GracePeriodSeconds *int64 `json:"gracePeriodSeconds,omitempty"`
	// GraceBasis says where the number comes from; GracePosition where it is written.
	GraceBasis    Basis     `json:"gracePeriodBasis,omitempty"`
	GracePosition *Position `json:"gracePeriodPosition,omitempty"`
	Forced        bool      `json:"forced"`
}

// An Event is one moment. Because names the events that had to come first.
type Event struct {
	ID        string    `json:"id"`
	Type      EventType `json:"type"`
	Container string    `json:"container,omitempty"`
	At        Bounds    `json:"at"`
	Signal    string    `json:"signal,omitempty"` // without "SIG"
	ExitCodes []int32   `json:"exitCodes,omitempty"`
	Killed    bool      `json:"killed,omitempty"`
	Attempt   int       `json:"attempt,omitempty"`
	Seconds   *float64  `json:"seconds,omitempty"`
	Delay     *Bounds   `json:"delay,omitempty"`
	Because   []string  `json:"because,omitempty"`
	Rule      string    `json:"rule,omitempty"`
	Basis     Basis     `json:"basis"`
	Position  *Position `json:"position,omitempty"`
	Field     string    `json:"field,omitempty"`
	// Note is one short sentence for people, such as "hook still running".
	Note string `json:"note,omitempty"`
}

// SpanKind tells the renderers how to draw a span.
type SpanKind string

// The kinds of spans.
const (
	SpanHook     SpanKind = "Hook"
	SpanStopping SpanKind = "Stopping"
	SpanWaiting  SpanKind = "Waiting"
	SpanServing  SpanKind = "Serving"
	SpanTraffic  SpanKind = "Traffic"
	SpanPulling  SpanKind = "Pulling"
	SpanRunning  SpanKind = "Running"
	SpanStarting SpanKind = "Starting"
	SpanProbing  SpanKind = "Probing"
	SpanBackoff  SpanKind = "Backoff"
	SpanSignal   SpanKind = "Signal" // a moment: start = end
	SpanKill     SpanKind = "Kill"   // a moment: start = end
)

// A Span is one bar of the picture.
type Span struct {
	ID      string   `json:"id"`
	Lane    string   `json:"lane"`
	What    string   `json:"what"`
	Start   Bounds   `json:"start"`
	End     Bounds   `json:"end"`
	Kind    SpanKind `json:"kind"`
	Because []string `json:"because,omitempty"`
	Basis   Basis    `json:"basis,omitempty"`
	// Flag is what would set the duration by hand: "--assume app.stop=…".
	Flag     string    `json:"flag,omitempty"`
	Position *Position `json:"position,omitempty"`
	Field    string    `json:"field,omitempty"`
	Note     string    `json:"note,omitempty"` // "not reached", "10s", …
	// NotReached marks a moment that is drawn as a limit but does not come.
	NotReached bool `json:"notReached,omitempty"`
}

// A Verdict is the answer in numbers.
type Verdict struct {
	// Headline is the answer in one sentence.
	Headline      string   `json:"headline"`
	ProcessesGone *Bounds  `json:"processesGone,omitempty"`
	ObjectGone    *Bounds  `json:"objectGone,omitempty"`
	Killed        []string `json:"killed"`
	// MayBeKilled are containers whose SIGKILL is possible but not certain.
	MayBeKilled  []string `json:"mayBeKilled,omitempty"`
	SlackSeconds *float64 `json:"slackSeconds,omitempty"`
	// KillAtSeconds is when SIGKILL would come to the last container still running.
	KillAtSeconds *float64 `json:"killAtSeconds,omitempty"`
	// MinimumGraceSeconds is the smallest terminationGracePeriodSeconds that kills nobody.
	MinimumGraceSeconds *int64         `json:"minimumGraceSeconds,omitempty"`
	Phase               []string       `json:"phase,omitempty"` // final phase, several where it cannot be told
	ReadyAt             *Bounds        `json:"readyAt,omitempty"`
	Budgets             []ProbeBudget  `json:"probeBudgets,omitempty"`
	Advice              []Advice       `json:"advice"`
	DownFraction        *float64       `json:"downFraction,omitempty"`
	Extra               map[string]any `json:"extra,omitempty"` // figures of one question only; documented in its schema
}

// Advice is one thing to change, with the arithmetic that earns it.
type Advice struct {
	Summary    string `json:"summary"`
	Arithmetic string `json:"arithmetic,omitempty"`
	Field      string `json:"field,omitempty"`
	Rule       string `json:"rule,omitempty"`
}

// A ProbeBudget says how long a container may take before a probe kills it.
type ProbeBudget struct {
	Container string `json:"container"`
	Probe     string `json:"probe"`
	// Budget is the longest start-up that survives, in seconds after the process started.
	Budget *Bounds `json:"budget,omitempty"`
	// Detection is how long a dead application stays unnoticed.
	Detection *Bounds `json:"detection,omitempty"`
	Why       string  `json:"why,omitempty"`
}

// An Assumption is a number that neither the manifest nor Kubernetes gives.
type Assumption struct {
	Container string `json:"container,omitempty"`
	Key       string `json:"key"`
	Value     string `json:"value"`
	Basis     Basis  `json:"basis"`
	Why       string `json:"why"`
	Flag      string `json:"flag"` // "--assume app.stop=5s"
}
