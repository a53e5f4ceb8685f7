package apitest

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// builtIn are the kinds that are served even where no object of them exists.
func builtIn() []schema.GroupVersionKind {
	out := []schema.GroupVersionKind{}
	add := func(group, version string, kinds ...string) {
		for _, k := range kinds {
			out = append(out, schema.GroupVersionKind{Group: group, Version: version, Kind: k})
		}
	}
	add("", "v1", "Pod", "Node", "Event", "Service", "PersistentVolumeClaim", "PersistentVolume", "ResourceQuota",
		"ReplicationController", "Namespace", "ConfigMap", "Secret", "LimitRange", "PodTemplate", "ServiceAccount")
	add("apps", "v1", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet")
	add("batch", "v1", "Job", "CronJob")
	add("policy", "v1", "PodDisruptionBudget")
	add("autoscaling", "v2", "HorizontalPodAutoscaler")
	add("discovery.k8s.io", "v1", "EndpointSlice")
	add("scheduling.k8s.io", "v1", "PriorityClass")
	add("storage.k8s.io", "v1", "StorageClass")
	return out
}

func clusterWide(kind string) bool {
	return slices.Contains([]string{"Node", "PersistentVolume", "Namespace", "PriorityClass", "StorageClass"}, kind)
}

// kinds are the built-in ones and those of the objects.
func (s *Server) kinds() []schema.GroupVersionKind {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := builtIn()
	for _, o := range s.objects {
		if gvk := o.GroupVersionKind(); !slices.Contains(out, gvk) {
			out = append(out, gvk)
		}
	}
	return out
}

func (s *Server) kindOf(gvr schema.GroupVersionResource) (schema.GroupVersionKind, bool) {
	for _, gvk := range s.kinds() {
		if gvk.GroupVersion() == gvr.GroupVersion() && resourceOf(gvk) == gvr.Resource {
			return gvk, true
		}
	}
	return schema.GroupVersionKind{}, false
}

// discovery answers /api, /apis, /api/v1 and /apis/GROUP/VERSION.
func (s *Server) discovery(path string) any {
	path = strings.Trim(path, "/")
	kinds := s.kinds()
	switch path {
	case "api":
		return metav1.APIVersions{TypeMeta: metav1.TypeMeta{Kind: "APIVersions"}, Versions: []string{"v1"}}
	case "apis":
		list := metav1.APIGroupList{TypeMeta: metav1.TypeMeta{Kind: "APIGroupList", APIVersion: "v1"}}
		for _, k := range kinds {
			v := metav1.GroupVersionForDiscovery{GroupVersion: k.GroupVersion().String(), Version: k.Version}
			if k.Group != "" && !slices.ContainsFunc(list.Groups, func(g metav1.APIGroup) bool { return g.Name == k.Group }) {
				list.Groups = append(list.Groups, metav1.APIGroup{Name: k.Group, Versions: []metav1.GroupVersionForDiscovery{v}, PreferredVersion: v})
			}
		}
		return list
	}
	gv := strings.TrimPrefix(strings.TrimPrefix(path, "apis/"), "api/")
	list := metav1.APIResourceList{TypeMeta: metav1.TypeMeta{Kind: "APIResourceList", APIVersion: "v1"}, GroupVersion: gv}
	for _, k := range kinds {
		if k.GroupVersion().String() == gv {
			list.APIResources = append(list.APIResources, metav1.APIResource{
				Name: resourceOf(k), SingularName: strings.ToLower(k.Kind), Kind: k.Kind, Namespaced: !clusterWide(k.Kind),
				Verbs: metav1.Verbs{"get", "list", "watch"},
			})
		}
	}
	return list
}

// A Getter connects to the server as kubectl's flags would; it is a
// genericclioptions.RESTClientGetter.
type Getter struct {
	Config    *rest.Config
	Namespace string
}

// Getter connects with a kubeconfig whose context has this namespace.
func (s *Server) Getter(namespace string) *Getter {
	return &Getter{Config: &rest.Config{Host: s.URL}, Namespace: namespace}
}

// ToRESTConfig is a copy of the configuration.
func (g *Getter) ToRESTConfig() (*rest.Config, error) { return rest.CopyConfig(g.Config), nil }

// ToDiscoveryClient keeps what it learnt in memory.
func (g *Getter) ToDiscoveryClient() (discovery.CachedDiscoveryInterface, error) {
	client, err := discovery.NewDiscoveryClientForConfig(g.Config)
	if err != nil {
		return nil, err
	}
	return memory.NewMemCacheClient(client), nil
}

// ToRESTMapper knows short names, as kubectl's mapper does.
func (g *Getter) ToRESTMapper() (meta.RESTMapper, error) {
	client, err := g.ToDiscoveryClient()
	if err != nil {
		return nil, err
	}
	return restmapper.NewShortcutExpander(restmapper.NewDeferredDiscoveryRESTMapper(client), client, nil), nil
}

// ToRawKubeConfigLoader is a kubeconfig with one cluster.
func (g *Getter) ToRawKubeConfigLoader() clientcmd.ClientConfig {
	config := clientcmdapi.NewConfig()
	config.Clusters["test"] = &clientcmdapi.Cluster{Server: g.Config.Host}
	config.Contexts["test"] = &clientcmdapi.Context{Cluster: "test", Namespace: g.Namespace}
	config.CurrentContext = "test"
	return clientcmd.NewDefaultClientConfig(*config, &clientcmd.ConfigOverrides{})
}
