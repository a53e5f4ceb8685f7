package apitest

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// A mutator changes one field of an object at random. What fields there are it
// learns from the Go types of the API.
type mutator struct {
	*rand.Rand
	fields []reflect.Value
}

// mutate changes one to three fields of a copy.
func mutate(r *rand.Rand, base runtime.Object) runtime.Object {
	o := base.DeepCopyObject()
	for range 1 + r.IntN(3) {
		m := mutator{Rand: r}
		m.collect(reflect.ValueOf(o).Elem(), 0)
		m.change(m.fields[r.IntN(len(m.fields))], 0)
	}
	return o
}

// collect lists the fields that may be changed: those of the spec, and a few of
// the metadata.
func (m *mutator) collect(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			m.collect(v.Elem(), depth)
		}
	case reflect.Slice:
		for i := range v.Len() {
			m.collect(v.Index(i), depth)
		}
	case reflect.Struct:
		if opaque(v.Type()) {
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() || skipped(v.Type(), f.Name) {
				continue
			}
			if !f.Anonymous {
				m.fields = append(m.fields, v.Field(i))
			}
			m.collect(v.Field(i), depth+1)
		}
	default: // nothing below
	}
}

func opaque(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[resource.Quantity](), reflect.TypeFor[intstr.IntOrString](), reflect.TypeFor[metav1.Time](), reflect.TypeFor[metav1.FieldsV1]():
		return true
	}
	return false
}

// skipped are fields that the server sets, or that depend on more than the
// object: plugins of the server, alpha features, other objects.
func skipped(t reflect.Type, name string) bool {
	switch name {
	case "Status", "TypeMeta", "ManagedFields", "UID", "ResourceVersion", "Generation", "CreationTimestamp", "DeletionTimestamp",
		"DeletionGracePeriodSeconds", "SelfLink", "Namespace", "GenerateName", "OwnerReferences",
		"EphemeralContainers", "ServiceAccountName", "DeprecatedServiceAccount", "PriorityClassName", "Priority", "RuntimeClassName", "Overhead",
		"ResourceClaims", "WindowsOptions", "SchedulingGroup", "WorkloadRef",
		"ClusterIP", "ClusterIPs", "ExternalIPs", "LoadBalancerIP", "HealthCheckNodePort", "IPFamilies", "IPFamilyPolicy", "NodePort",
		"ManagedBy", "DataSource", "DataSourceRef", "VolumeAttributesClassName",
		"GitRepo", "ISCSI", "RBD", "Flocker", "Glusterfs", "CephFS", "FC", "FlexVolume", "AzureFile", "AzureDisk", "VsphereVolume", "Quobyte",
		"PhotonPersistentDisk", "PortworxVolume", "ScaleIO", "StorageOS", "Cinder", "AWSElasticBlockStore", "GCEPersistentDisk", "CSI",
		"FileKeyRef", "Generated", "Scheduling":
		return true
	}
	return t == reflect.TypeFor[metav1.ObjectMeta]() && name == "Finalizers"
}

var words = []string{
	"", "x", "X", "app", "web", "Always", "Never", "OnFailure", "IfNotPresent", "RollingUpdate", "Recreate", "OnDelete", "Allow", "Forbid", "Replace",
	"TCP", "UDP", "tcp", "HTTP", "HTTPS", "https", "Exists", "Equal", "In", "NotIn", "DoesNotExist", "NoExecute", "NoSchedule", "a.b/c", "-a", "a_b", "a b",
	strings.Repeat("a", 64), strings.Repeat("a", 16), "1", "8080", "100%", "/", "/data", "../a", "a/../b", "None", "ClusterIP", "LoadBalancer", "True", "File", "Filesystem", "Block",
	"Retain", "Delete", "Failed", "TerminatingOrFailed", "Indexed", "NonIndexed", "ReadWriteOnce", "Parallel", "OrderedReady", "Default", "ClusterFirst",
	"cpu", "memory", "Utilization", "AverageValue", "Resource", "Pods", "DoNotSchedule", "ScheduleAnyway", "kubernetes.io/hostname", "metadata.name", "v1",
	"*/5 * * * *", "61 * * * *", "@daily", "Europe/Berlin", "Local", "UTC", "10.0.0.1", "PreemptLowerPriority", "Ignore", "FailJob", "FailIndex", "Count", "Honor", "Max", "Cluster", "ClientIP",
}

var numbers = []int64{-1, 0, 1, 2, 3, 5, 30, 31, 100, 255, 600, 3601, 65535, 65536, 100001, 2147483647}

// change gives the field another value of its type.
func (m *mutator) change(v reflect.Value, depth int) {
	switch v.Type() {
	case reflect.TypeFor[resource.Quantity]():
		v.Set(reflect.ValueOf(resource.MustParse(pick(m, []string{"-1", "0", "1", "1500m", "100m", "1Gi", "3Gi"}))))
		return
	case reflect.TypeFor[intstr.IntOrString]():
		v.Set(reflect.ValueOf(intstr.Parse(pick(m, []string{"-1", "0", "1", "5", "8080", "70000", "0%", "50%", "101%", "x", "http", "no such port name"}))))
		return
	case reflect.TypeFor[metav1.Time](), reflect.TypeFor[metav1.FieldsV1]():
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(pick(m, words))
	case reflect.Int32, reflect.Int64:
		v.SetInt(pick(m, numbers))
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Pointer:
		if !v.IsNil() && m.IntN(3) == 0 {
			v.SetZero()
			return
		}
		n := reflect.New(v.Type().Elem())
		m.change(n.Elem(), depth)
		v.Set(n)
	case reflect.Struct:
		m.fill(v, depth)
	case reflect.Slice:
		m.changeList(v, depth)
	case reflect.Map:
		m.changeMap(v)
	default: // the API has no other kinds
	}
}

// fill sets some fields of a struct.
func (m *mutator) fill(v reflect.Value, depth int) {
	if depth > 3 {
		return
	}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.IsExported() && !skipped(v.Type(), f.Name) && m.IntN(2) == 0 {
			m.change(v.Field(i), depth+1)
		}
	}
}

func (m *mutator) changeList(v reflect.Value, depth int) {
	switch n := v.Len(); {
	case n > 0 && m.IntN(3) == 0:
		v.Set(v.Slice(0, n-1))
	case n > 0 && m.IntN(2) == 0:
		v.Set(reflect.Append(v, v.Index(m.IntN(n))))
	default:
		e := reflect.New(v.Type().Elem()).Elem()
		m.change(e, depth+1)
		v.Set(reflect.Append(v.Slice(0, n), e))
	}
}

func (m *mutator) changeMap(v reflect.Value) {
	if v.Type() != reflect.TypeFor[map[string]string]() {
		return
	}
	v.Set(reflect.ValueOf(pick(m, []map[string]string{nil, {"app": "web"}, {"app": "other"}, {"bad key": "v"}, {"app": "bad value!"}, {"app": "web", "a.b/c": ""}})))
}

func pick[T any](m *mutator, list []T) T { return list[m.IntN(len(list))] }

// manifest is the object as JSON, without what only a server writes.
func manifest(o runtime.Object) ([]byte, error) {
	data, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, err
	}
	delete(m, "status")
	return json.Marshal(m)
}
