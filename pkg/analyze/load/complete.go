package load

import (
	"context"
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/metadata"
)

// completionLimit is how many names one key press fetches at most.
const completionLimit = 500

// Types lists the types that users may name as subjects, for shell completion.
func Types() []string {
	var out []string
	for _, k := range knownKinds() {
		if isWorkload(k.GroupKind) || k.resource == "pods" || k.resource == "nodes" || k.resource == "poddisruptionbudgets" {
			out = append(out, k.resource)
		}
	}
	return out
}

// Names lists the names of the objects of a built-in type, by their metadata
// alone, in the namespace of the connection; it is for shell completion, so an
// unknown type has no names and is no error.
func Names(ctx context.Context, kube genericclioptions.RESTClientGetter, word, prefix string) ([]string, error) {
	k, ok := knownKind(word)
	if !ok || k.GroupKind == kindSecret {
		return nil, nil
	}
	config, err := kube.ToRESTConfig()
	if err != nil {
		return nil, fmt.Errorf("read the kubeconfig: %w", err)
	}
	client, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connect to the cluster: %w", err)
	}
	namespace := ""
	if !k.clusterWide {
		if namespace, _, err = kube.ToRawKubeConfigLoader().Namespace(); err != nil {
			return nil, fmt.Errorf("read the namespace of the kubeconfig: %w", err)
		}
	}
	list, err := client.Resource(k.groupVersion().WithResource(k.resource)).Namespace(namespace).List(ctx, metav1.ListOptions{Limit: completionLimit})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", k, err)
	}
	var names []string
	for i := range list.Items {
		if name := list.Items[i].Name; strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	return names, nil
}
