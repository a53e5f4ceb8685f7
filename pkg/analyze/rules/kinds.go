package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// The kinds that many rules are about. Functions, so that nobody can change
// them for others.

// podHolders are all kinds that are or make pods.
func podHolders() []schema.GroupKind {
	return append(servers(), analyze.KindPod, analyze.KindJob, analyze.KindCronJob)
}

// servers are the kinds that keep pods running.
func servers() []schema.GroupKind {
	return []schema.GroupKind{
		analyze.KindDeployment, analyze.KindStatefulSet, analyze.KindDaemonSet, analyze.KindReplicaSet, analyze.KindRC,
	}
}

// workloads are all kinds that own pods, for rules that must see every one.
func workloads() []schema.GroupKind { return podHolders() }

func kinds(k ...schema.GroupKind) []schema.GroupKind { return k }

// behaviour cites rules of the behaviour specification; source a file of
// Kubernetes 1.36.3; page a documentation page.
func behaviour(text string) analyze.Citation { return analyze.Citation{Text: text} }

func source(file string) analyze.Citation {
	return analyze.Citation{
		Text: file + "@v1.36.3",
		URL:  "https://github.com/kubernetes/kubernetes/blob/v1.36.3/" + file,
	}
}

func page(path string) analyze.Citation {
	return analyze.Citation{Text: "Kubernetes documentation", URL: "https://kubernetes.io/docs/" + path}
}
