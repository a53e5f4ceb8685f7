package rules

import (
	"embed"
	"regexp"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"golang.org/x/tools/txtar"
)

//go:embed *.txtar
var archives embed.FS

// Archive is the txtar of a rule: documentation and examples.
func Archive(id string) (*txtar.Archive, bool) {
	data, err := archives.ReadFile(strings.ToLower(id) + ".txtar")
	if err != nil {
		return nil, false
	}
	return txtar.Parse(data), true
}

var wants = regexp.MustCompile("(?m) *# want KL.*$")

// document is an archive as Markdown: the text, then the examples without their
// expectations.
func document(id string) string {
	a, ok := Archive(id)
	if !ok {
		return ""
	}
	var b strings.Builder
	b.WriteString(strings.TrimSpace(string(a.Comment)) + "\n")
	for _, f := range a.Files {
		b.WriteString("\n" + heading(f.Name) + "\n\n```yaml\n" + string(wants.ReplaceAll(f.Data, nil)) + "```\n")
	}
	return b.String()
}

// heading turns a file name of an archive into words: "k8s1.33/good-sleep.yaml"
// is "Good, since Kubernetes 1.33: sleep".
func heading(name string) string {
	folder, file := "", strings.TrimSuffix(name, ".yaml")
	if i := strings.LastIndexByte(file, '/'); i >= 0 {
		folder, file = file[:i], file[i+1:]
	}
	word, about, _ := strings.Cut(file, "-")
	out := strings.ToUpper(word[:1]) + word[1:]
	if v, ok := strings.CutPrefix(folder, "k8s"); ok {
		out += ", with Kubernetes " + v
	}
	if folder == "partial" {
		out += ", when not everything was seen"
	}
	if about != "" {
		out += " (" + strings.ReplaceAll(about, "-", " ") + ")"
	}
	return out + ":"
}

// All lists the rules by id. The list is new with each call; the rules may be
// shared.
//
//nolint:funlen // it is a list
func All() []*analyze.Rule {
	list := []*analyze.Rule{
		unusedSuppression(),
		malformedSuppression(),
		preStopOutlivesGrace(),
		preStopLeavesNoTime(),
		tcpSocketHook(),
		hookWithoutShell(),
		ignoresStopSignal(),
		endpointLag(),
		zeroGrace(),
		deregistrationOutlivesPod(),
		hookOnlySignals(),
		proxyStopsFirst(),
		stopSignalDropped(),
		sidecarHookStartsFirst(),
		hookPort(),
		commandLineAsProgram(),
		longGrace(),
		hookOfFinishedWork(),
		hookHost(),
		shortWait(),
		killedBeforeReady(),
		hairTrigger(),
		noReadiness(),
		probeSlowerThanPeriod(),
		commandOutlivesTimeout(),
		startupShorterThanLiveness(),
		probePort(),
		sameProbe(),
		livenessAsksForReadiness(),
		probeOfSomethingElse(),
		slowRestart(),
		probeWithoutShell(),
		zeroMeansDefault(),
		slowReadiness(),
		shortStart(),
		undeclaredProbePort(),
		slowProbeCommand(),
		rwoRollingUpdate(),
		hostPortSurge(),
		antiAffinitySurge(),
		deadlineBeforeReady(),
		recreateDowntime(),
		updateTakesAll(),
		partitionUpdatesNothing(),
		onDelete(),
		noHistory(),
		pausedDeployment(),
		spreadBlocksSurge(),
		daemonSetAtOnce(),
		replicasAndAutoscaler(),
		surgeOnOneNode(),
		budgetBlocks(),
		budgetSelectsNothing(),
		twoBudgets(),
		unhealthyPolicy(),
		budgetCannotCount(),
		barePod(),
		singleReplica(),
		toleratesLostNode(),
		budgetForAll(),
		notSafeToEvict(),
		priorityClassMissing(),
		jobNeverEnds(),
		scheduleNeverFires(),
		startingDeadlineTooShort(),
		runsOverlap(),
		drainFailsJob(),
		failedLogsLost(),
		podDeadlineInJob(),
		hungRunBlocks(),
		dayOrDay(),
		localTimeWithoutZone(),
		finishedJobGone(),
		suspended(),
		postStartBlocks(),
		initNeverEnds(),
		waitsForItself(),
		sidecarNotAwaited(),
		schedulingGated(),
		neverPulled(),
		badImageName(),
		missingReference(),
		nonRootAsRoot(),
		peersWaitForReady(),
		storageBelowVolume(),
		oneShotRestarted(),
		readinessGate(),
		storageClassMissing(),
		memoryLimitTooSmall(),
		statefulSetService(),
		serviceSelectsNothing(),
		servicePortUnknown(),
		overlappingSelectors(),
		autoscalerTarget(),
		handWrittenOwner(),
		bareReplicaSet(),
		volatileSelector(),
		podFinalizers(),
		templateNamespace(),
		servesUnready(),
		autoscalerWithoutRequest(),
		unknownField(),
		wrongType(),
		duplicateKey(),
		removedAPI(),
		tooNew(),
		metadataRefused(),
		podRefused(),
		containerRefused(),
		probeRefused(),
		hookRefused(),
		resourcesRefused(),
		volumesRefused(),
		schedulingRefused(),
		securityRefused(),
		workloadRefused(),
		jobRefused(),
		cronJobRefused(),
		budgetRefused(),
		autoscalerRefused(),
		serviceRefused(),
		claimRefused(),
		configRefused(),
	}
	for _, r := range list {
		r.Doc = document(r.ID)
	}
	return list
}
