package load

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// LogBytes bounds what is read of one container's log.
const LogBytes = 1 << 20

// Logs reads the last lines of a container's log, of the instance before the
// current one if previous is set. It needs the right to get pods/log. cut says
// that these lines hold more than LogBytes: the server then gives the first of
// them only.
func Logs(ctx context.Context, req Request, pod analyze.Ref, container string, previous bool, lines int) (last []string, cut bool, err error) {
	config, err := req.Kube.ToRESTConfig()
	if err != nil {
		return nil, false, configError(err)
	}
	client, err := newClient(config)
	if err != nil {
		return nil, false, configError(err)
	}
	answer := client.Get().AbsPath("/api/v1").Namespace(pod.Namespace).Resource("pods").Name(pod.Name).SubResource("log").
		Param("container", container).Param("previous", strconv.FormatBool(previous)).
		Param("tailLines", strconv.Itoa(lines)).Param("limitBytes", strconv.Itoa(LogBytes)).
		SetHeader("Accept", "*/*").Do(ctx)
	data, err := answer.Raw()
	if err != nil {
		// Only Error reads what the server says about it.
		err = answer.Error()
		if apierrors.IsForbidden(err) {
			return nil, false, fmt.Errorf("you may not get pods/log in namespace %q, it is forbidden: %s", pod.Namespace, reasonOf(err))
		}
		return nil, false, errors.New(oneLine(err))
	}
	text := strings.TrimSuffix(string(data), "\n")
	if text == "" {
		return nil, false, nil
	}
	return strings.Split(text, "\n"), len(data) >= LogBytes, nil
}
