package simulate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// The feature gates that change a forecast (K360).
const (
	GateSidecars            = "SidecarContainers"
	GateSleepAction         = "PodLifecycleSleepAction"
	GateSleepZero           = "PodLifecycleSleepActionAllowZero"
	GateStopSignals         = "ContainerStopSignals"
	GateRestartRules        = "ContainerRestartRules"
	GateRestartAll          = "RestartAllContainersOnContainerExits"
	GateCrashLoopMax        = "KubeletCrashLoopBackOffMax"
	GateReduceCrashLoop     = "ReduceDefaultCrashLoopBackOffDecay"
	GateOverwriteGrace      = "AllowOverwriteTerminationGracePeriodSeconds"
	GateNodeShutdown        = "GracefulNodeShutdown"
	GateOnDemandRelist      = "PLEGOnDemandRelist"
	GateEventedPLEG         = "EventedPLEG"
	GateExecProbeTimeout    = "ExecProbeTimeout"
	GateStatusOnRestart     = "ChangeContainerStatusOnKubeletRestart"
	GateShutdownByPriority  = "GracefulNodeShutdownBasedOnPodPriority"
	GatePodDisruption       = "PodDisruptionConditions"
	GateReadyToStart        = "PodReadyToStartContainersCondition"
	GateInPlaceResize       = "InPlacePodVerticalScaling"
	GateEnsureSecretPulled  = "KubeletEnsureSecretPulledImages"
	GatePodReplacement      = "JobPodReplacementPolicy"
	GateWindowsNodeShutdown = "WindowsGracefulNodeShutdown"
)

// gateTable is table K360 (pkg/features/kube_features.go at each minor), one
// column per minor from 1.30 to 1.36: '+' on by default, '-' off by default,
// 'L' on and locked, 'l' off and locked, '.' not known to that minor.
var gateTable = map[string]string{
	GateSidecars:            "+++LLLL",
	GateSleepAction:         "++++LLL",
	GateSleepZero:           "..-+LLL",
	GateStopSignals:         "...----",
	GateRestartRules:        "....-++",
	GateRestartAll:          ".....-+",
	GateCrashLoopMax:        "..---++",
	GateReduceCrashLoop:     "...----",
	GateOverwriteGrace:      "..---ll",
	GateNodeShutdown:        "+++++++",
	GateOnDemandRelist:      "......+",
	GateEventedPLEG:         "-------",
	GateExecProbeTimeout:    "+++++LL",
	GateStatusOnRestart:     ".....--",
	GateShutdownByPriority:  "+++++++",
	GatePodDisruption:       "+LLL...",
	GateReadyToStart:        "+++++++",
	GateInPlaceResize:       "---++LL",
	GateEnsureSecretPulled:  "...--++",
	GatePodReplacement:      "++++LLL",
	GateWindowsNodeShutdown: "..--+++",
}

// gateColumn is the minor's column of gateTable.
func gateColumn(v analyze.Version) int {
	return min(max(v.Minor, analyze.OldestMinor), analyze.NewestMinor) - analyze.OldestMinor
}

// GateOn says whether the behaviour behind a feature gate is on: the default
// of the version, unless set by hand and neither locked nor unknown (K360).
func GateOn(v analyze.Version, gate string) bool {
	row, ok := gateTable[gate]
	if !ok {
		return false
	}
	state := row[gateColumn(v)]
	if set, ok := v.Gates[gate]; ok && (state == '+' || state == '-') {
		return set
	}
	if gate == GatePodDisruption && state == '.' {
		return true // graduated and removed: built in
	}
	return state == '+' || state == 'L'
}

// GateNames lists the gates that the forecasts know.
func GateNames() []string { return slices.Sorted(maps.Keys(gateTable)) }

// gateGaps tells about gates set by hand which change nothing: unknown ones,
// those the version does not have, and locked ones set against their value.
func gateGaps(v analyze.Version) []analyze.Gap {
	var gaps []analyze.Gap
	for _, gate := range slices.Sorted(maps.Keys(v.Gates)) {
		row, ok := gateTable[gate]
		why := ""
		switch {
		case !ok:
			why = "it does not change this forecast, or is not known; the known ones are " + strings.Join(GateNames(), ", ")
		case row[gateColumn(v)] == '.':
			why = fmt.Sprintf("Kubernetes %s does not have it", v)
		case row[gateColumn(v)] == 'L' && !v.Gates[gate]:
			why = fmt.Sprintf("Kubernetes %s has it locked on", v)
		case row[gateColumn(v)] == 'l' && v.Gates[gate]:
			why = fmt.Sprintf("Kubernetes %s has it locked off", v)
		default:
			continue
		}
		gaps = append(gaps, analyze.Gap{What: "feature gate " + gate, Why: why})
	}
	return gaps
}

// Switches of behaviour that no gate guards (K361), by the kubelet's minor.

// forcedGraceIsOne: grace 0 means 1s to the kubelet; before, the pod's own grace (K16).
func forcedGraceIsOne(v analyze.Version) bool { return v.AtLeast(31) }

// softEvictionCapped: the soft eviction's grace never exceeds the pod's own (K61).
func softEvictionCapped(v analyze.Version) bool {
	return v.AtLeast(32) && !GateOn(v, GateOverwriteGrace)
}
