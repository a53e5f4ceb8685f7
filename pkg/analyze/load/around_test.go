package load_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load/apitest"
)

// cluster is a small cluster with one of each thing that is fetched in a way of
// its own.
const cluster = `
- {apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: shop, namespace: shop, uid: ro}, spec: {selector: {matchLabels: {app: shop}}}}
- {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: shop-1, namespace: shop, uid: rs1, labels: {app: shop}, ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: shop, uid: ro, controller: true}]}, spec: {selector: {matchLabels: {app: shop}}}}
- {apiVersion: v1, kind: Pod, metadata: {name: shop-1-a, namespace: shop, uid: p1, labels: {app: shop}, managedFields: [{manager: kubelet}], annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}"}, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: shop-1, uid: rs1, controller: true}]}, spec: {nodeName: n1, containers: [{name: app}]}, status: {phase: Running}}
- {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop, uid: sts}, spec: {selector: {matchLabels: {app: db}}}}
- {apiVersion: v1, kind: Pod, metadata: {name: db-0, namespace: shop, uid: p2, labels: {app: db}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: sts, controller: true}]}, spec: {nodeName: n2, volumes: [{name: data, persistentVolumeClaim: {claimName: data-db-0}}]}, status: {phase: Pending}}
- {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data-db-0, namespace: shop, uid: c1}, status: {phase: Pending}}
- {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast, uid: sc}, provisioner: x}
- {apiVersion: batch/v1, kind: CronJob, metadata: {name: nightly, namespace: shop, uid: cj}}
- {apiVersion: batch/v1, kind: Job, metadata: {name: nightly-1, namespace: shop, uid: j1, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: nightly, uid: cj, controller: true}]}, spec: {selector: {matchLabels: {batch.kubernetes.io/job-name: nightly-1}}}}
- {apiVersion: batch/v1, kind: Job, metadata: {name: other, namespace: shop, uid: j2}}
- {apiVersion: v1, kind: Pod, metadata: {name: nightly-1-x, namespace: shop, uid: p3, labels: {batch.kubernetes.io/job-name: nightly-1}, ownerReferences: [{apiVersion: batch/v1, kind: Job, name: nightly-1, uid: j1, controller: true}]}, spec: {nodeName: n1}, status: {phase: Running}}
- {apiVersion: v1, kind: Pod, metadata: {name: lonely, namespace: shop, uid: p4}, status: {phase: Pending}}
- {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: shop, namespace: shop, uid: b1}, spec: {selector: {matchLabels: {app: shop}}}}
- {apiVersion: v1, kind: Node, metadata: {name: n1, uid: n1}, status: {images: [{names: [big]}], nodeInfo: {kubeletVersion: v1.34.2}}}
- {apiVersion: v1, kind: Node, metadata: {name: n2, uid: n2}, status: {nodeInfo: {kubeletVersion: v1.35.0}}}
- {apiVersion: v1, kind: Node, metadata: {name: n3, uid: n3}, status: {nodeInfo: {kubeletVersion: v1.34.2}}}
- {apiVersion: v1, kind: Event, metadata: {name: e1, namespace: default, uid: e1}, involvedObject: {kind: Node, name: n1}, reason: Rebooted}
- {apiVersion: v1, kind: Event, metadata: {name: e2, namespace: shop, uid: e2}, involvedObject: {kind: Pod, namespace: shop, name: shop-1-a}, reason: Started}
- {apiVersion: v1, kind: Event, metadata: {name: e3, namespace: shop, uid: e3}, involvedObject: {kind: PersistentVolumeClaim, namespace: shop, name: data-db-0}, reason: ProvisioningFailed}
- {apiVersion: v1, kind: Secret, metadata: {name: token, namespace: shop, uid: s1}, data: {token: c2VjcmV0}}
- {apiVersion: v1, kind: Pod, metadata: {name: far, namespace: prod, uid: p5, labels: {app: shop}}, spec: {nodeName: n1}, status: {phase: Running}}
`

func small(t *testing.T) *apitest.Server {
	t.Helper()
	var items []map[string]any
	if err := yaml.Unmarshal([]byte(cluster), &items); err != nil {
		t.Fatal(err)
	}
	s := apitest.New(t)
	for _, item := range items {
		s.Add(&unstructured.Unstructured{Object: item})
	}
	return s
}

// What is read for a subject: enough to explain it, and nothing else.
func TestWhatIsRead(t *testing.T) {
	for name, tt := range map[string]struct {
		question load.Question
		change   func(*load.Request)
		args     []string
		subjects string
		objects  string
		version  string
		gaps     []string
	}{
		"pod of a custom owner": {
			args: []string{"po/shop-1-a"}, subjects: "pod/shop-1-a", version: "1.34",
			objects: "pod/shop-1-a replicaset/shop-1 node/n1 poddisruptionbudget/shop event/e2 rollout/shop",
		},
		"custom owner": {
			args: []string{"rollouts/shop"}, subjects: "rollout/shop", version: "1.34",
			objects: "pod/shop-1-a replicaset/shop-1 node/n1 poddisruptionbudget/shop event/e2 event/e3 rollout/shop",
		},
		"claims that wait": {
			args: []string{"sts", "db"}, subjects: "statefulset/db", version: "1.35",
			objects: "pod/db-0 statefulset/db node/n2 poddisruptionbudget/shop event/e2 event/e3 persistentvolumeclaim/data-db-0 storageclass/fast",
		},
		"pod that waits for its claim": {
			args: []string{"pod/db-0"}, subjects: "pod/db-0", version: "1.35",
			objects: "pod/db-0 statefulset/db node/n2 poddisruptionbudget/shop event/e2 event/e3 persistentvolumeclaim/data-db-0 storageclass/fast",
		},
		"unscheduled pod needs all nodes": {
			args: []string{"pod/lonely"}, subjects: "pod/lonely", version: "1.34",
			objects: "pod/lonely node/n1 node/n2 node/n3 poddisruptionbudget/shop",
		},
		"jobs of a cron job": {
			args: []string{"cj/nightly"}, subjects: "cronjob/nightly", version: "1.34",
			objects: "pod/nightly-1-x job/nightly-1 cronjob/nightly node/n1 poddisruptionbudget/shop event/e2 event/e3",
		},
		"node": {
			args: []string{"node/n1"}, subjects: "node/n1", version: "1.34",
			objects: "pod/far pod/nightly-1-x pod/shop-1-a replicaset/shop-1 job/nightly-1 cronjob/nightly node/n1 " +
				"poddisruptionbudget/shop event/e1 rollout/shop",
		},
		"budget": {
			args: []string{"pdb/shop"}, subjects: "poddisruptionbudget/shop", version: "1.34",
			objects: "pod/shop-1-a replicaset/shop-1 node/n1 poddisruptionbudget/shop event/e2 event/e3 rollout/shop",
		},
		"a selector climbs to the root": {
			change: func(r *load.Request) { r.Selector = "batch.kubernetes.io/job-name" }, subjects: "cronjob/nightly", version: "1.34",
			objects: "pod/nightly-1-x job/nightly-1 cronjob/nightly node/n1 poddisruptionbudget/shop event/e2 event/e3",
		},
		"fields select pods": {
			change: func(r *load.Request) { r.FieldSelector, r.AllNamespaces = "spec.nodeName=n1", true }, version: "1.34",
			subjects: "pod/far pod/nightly-1-x pod/shop-1-a",
			objects: "pod/far pod/nightly-1-x pod/shop-1-a replicaset/shop-1 job/nightly-1 cronjob/nightly node/n1 " +
				"poddisruptionbudget/shop event/e1 event/e2 event/e3 rollout/shop",
		},
		"several": {
			args: []string{"pod/lonely", "sts/db"}, subjects: "pod/lonely statefulset/db", version: "1.34",
			objects: "pod/db-0 pod/lonely statefulset/db node/n1 node/n2 node/n3 poddisruptionbudget/shop event/e2 event/e3 " +
				"persistentvolumeclaim/data-db-0 storageclass/fast",
		},
		"many names are one list": {
			args:     []string{"pods", "lonely", "db-0", "shop-1-a", "nightly-1-x", "lonely", "db-0"},
			subjects: "pod/lonely pod/db-0 pod/shop-1-a pod/nightly-1-x", version: "1.34",
			objects: "pod/db-0 pod/lonely pod/nightly-1-x pod/shop-1-a replicaset/shop-1 statefulset/db job/nightly-1 cronjob/nightly node/n1 node/n2 node/n3 " +
				"poddisruptionbudget/shop event/e2 event/e3 persistentvolumeclaim/data-db-0 storageclass/fast rollout/shop",
		},
		"a name in any namespace": {
			change: func(r *load.Request) { r.AllNamespaces = true },
			args:   []string{"pod/far"}, subjects: "pod/far", version: "1.34", objects: "pod/far node/n1",
		},
		"timeline of a template": {
			question: load.Timeline, args: []string{"sts/db"}, subjects: "statefulset/db", version: "1.36",
			objects: "statefulset/db poddisruptionbudget/shop",
		},
		"timeline of a pod": {
			question: load.Timeline, args: []string{"pod/shop-1-a"}, subjects: "pod/shop-1-a", version: "1.34",
			objects: "pod/shop-1-a node/n1 poddisruptionbudget/shop",
		},
		"lint leaves out what is owned": {
			question: load.Lint, change: func(r *load.Request) { r.Namespace = "shop" }, version: "1.36",
			subjects: "pod/lonely statefulset/db job/other cronjob/nightly poddisruptionbudget/shop persistentvolumeclaim/data-db-0 storageclass/fast",
			objects:  "pod/lonely statefulset/db job/other cronjob/nightly poddisruptionbudget/shop persistentvolumeclaim/data-db-0 storageclass/fast",
		},
		"a version that was asked for": {
			question: load.Timeline, change: func(r *load.Request) { r.Version = "v1.29" }, args: []string{"sts/db"},
			subjects: "statefulset/db", version: "1.30", objects: "statefulset/db poddisruptionbudget/shop",
			gaps: []string{"behaviour of Kubernetes 1.29"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := small(t)
			r := mustAsk(t, s, func(r *load.Request) {
				r.Question = tt.question
				if tt.change != nil {
					tt.change(r)
				}
			}, tt.args...)
			if diff := cmp.Diff(tt.subjects, refs(r.Subjects)); diff != "" {
				t.Errorf("subjects (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(strings.Fields(tt.objects), strings.Fields(refs(r.Snapshot.Objects()))); diff != "" {
				t.Errorf("objects (-want +got):\n%s", diff)
			}
			if got := r.Snapshot.Version.String(); got != tt.version {
				t.Errorf("version %s, want %s", got, tt.version)
			}
			var gaps []string
			for _, g := range r.Snapshot.Gaps {
				gaps = append(gaps, g.What)
			}
			if diff := cmp.Diff(tt.gaps, gaps); diff != "" {
				t.Errorf("gaps (-want +got):\n%s", diff)
			}
			if n := len(s.Calls()); len(tt.args) == 1 && n > maxRequests {
				t.Errorf("%d requests: %v", n, s.Calls())
			}
			for _, o := range r.Snapshot.Objects() {
				if len(o.Meta.GetManagedFields()) > 0 || o.Meta.GetAnnotations()["kubectl.kubernetes.io/last-applied-configuration"] != "" {
					t.Errorf("%s keeps what nobody reads", o)
				}
			}
		})
	}
}

func TestCustomOwnerThatMayNotBeRead(t *testing.T) {
	s := small(t)
	s.Forbid("get rollouts")
	r := mustAsk(t, s, nil, "pod/shop-1-a")
	want := []analyze.Gap{{What: "rollout/shop", Why: "forbidden"}}
	var got []analyze.Gap
	for _, g := range r.Snapshot.Gaps {
		got = append(got, analyze.Gap{What: g.What, Why: g.Why})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A forbidden list falls back to reading the objects that are named elsewhere.
func TestListFallsBackToGet(t *testing.T) {
	s := small(t)
	s.Forbid("list persistentvolumeclaims", "list nodes")
	r := mustAsk(t, s, nil, "sts/db")
	if !slices.ContainsFunc(r.Snapshot.Objects(), func(o *analyze.Object) bool { return o.Name == "data-db-0" }) {
		t.Errorf("the claim was not read: %s", refs(r.Snapshot.Objects()))
	}
}
