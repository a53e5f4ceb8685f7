package simulate

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func TestScriptsOfProcess1(t *testing.T) {
	never, at := analyze.At(analyze.Never), analyze.At
	tests := []struct {
		script string
		takes  analyze.Bounds
		codes  []int32
		basis  analyze.Basis
	}{
		{"trap 'echo X; sleep 3; exit 2' TERM; while true; do sleep 0.1; done", analyze.Bounds{Earliest: 3, Likely: 3.05, Latest: 3.1}, []int32{2}, analyze.Inferred},
		{"trap 'echo X' TERM; while true; do sleep 0.1; done", never, nil, analyze.Inferred},
		{"trap 'exit 0' INT; while :; do sleep 1; done", never, nil, analyze.Inferred},
		{"trap '' TERM; sleep infinity & wait", never, nil, analyze.Inferred},
		{"sleep 100000", never, nil, analyze.Inferred},
		{"exec sleep 100000", never, nil, analyze.Inferred},
		{"echo hi; sleep 100000", never, nil, analyze.Inferred},
		{"trap 'exit 7' TERM; sleep 100000", never, nil, analyze.Inferred},
		{"trap 'exit 7' TERM; sleep 100000 & wait", at(0), []int32{7}, analyze.Inferred},
		{"trap 'exit 7' SIGTERM INT; sleep inf & wait $!", at(0), []int32{7}, analyze.Inferred},
		{"trap 'kill $P; wait $P; exit 3' TERM; sleep 1d & P=$!; wait $P", at(0), []int32{3}, analyze.Inferred},
		{"stop() { sleep 2; exit 4; }; trap stop TERM; while true; do sleep 1 & wait $!; done", at(2), []int32{4}, analyze.Inferred},
		{"run=1; trap 'run=0' TERM; while [ $run = 1 ]; do sleep 1; done; sleep 2; exit 5", analyze.Bounds{Earliest: 2, Likely: 2.5, Latest: 3}, []int32{5}, analyze.Inferred},
		{"sleep 1d & wait", never, nil, analyze.Inferred},
		{"trap 'sleep ${DRAIN:-4}; exit' TERM; tail -f /dev/null & wait", at(4), []int32{0}, analyze.Inferred},
		{"./server", anyTime(), []int32{143, 0}, analyze.Assumed},
		{"trap 'kill -TERM $P; wait $P' TERM; ./server & P=$!; wait $P", anyTime(), []int32{143}, analyze.Assumed},
		// Scripts that end by themselves: the signal comes while they run.
		{"sleep 1000; echo done", analyze.Bounds{Earliest: 0, Likely: 500, Latest: 1000}, []int32{0}, analyze.Inferred},
		{"sleep 20; exit 3", analyze.Bounds{Earliest: 0, Likely: 10, Latest: 20}, []int32{3}, analyze.Inferred},
		{"trap 'exit 7' TERM; sleep 20 & wait", at(0), []int32{7}, analyze.Inferred},
		{"trap 'exit 7' TERM; sleep 20; echo x", analyze.Bounds{Earliest: 0, Likely: 10, Latest: 20}, []int32{7}, analyze.Inferred},
		{"trap '' TERM; sleep 20; exit 2", analyze.Bounds{Earliest: 0, Likely: 10, Latest: 20}, []int32{2}, analyze.Inferred},
		{"sleep 20; trap 'exit 3' TERM; sleep 1", analyze.Bounds{Earliest: 0, Likely: 10.5, Latest: 21}, []int32{0}, analyze.Inferred},
		{"i=0; while [ $i -lt 5 ]; do sleep 2; i=$((i+1)); done; exit 4", analyze.Bounds{Earliest: 0, Likely: 5, Latest: 10}, []int32{4}, analyze.Inferred},
		{"python app.py; echo it ended", analyze.Bounds{Earliest: analyze.Never, Likely: analyze.Never, Latest: analyze.Never}, nil, analyze.Assumed},
	}
	for _, tt := range tests {
		t.Run(tt.script, func(t *testing.T) {
			r := scriptReaction(tt.script, []string{"sh"}, sigTerm, true, nil)
			if diff := cmp.Diff([]any{tt.takes, tt.codes, tt.basis}, []any{r.takes, r.codes, r.basis}); diff != "" {
				t.Errorf("%s\n(-want +got)\n%s", r.why, diff)
			}
		})
	}
}

// Since 5.1 bash becomes the last command of its script, unless it has a trap to
// run or a redirection to undo: then the program itself gets the signal.
func TestLastCommandOfBash(t *testing.T) {
	never := math.Inf(1)
	tests := []struct {
		args     []string
		earliest float64
	}{
		{[]string{"bash", "-c", "source env.sh && python app.py"}, 0},
		{[]string{"/bin/bash", "-c", "set -e\npip install x\npython app.py --port 1\n"}, 0},
		{[]string{"bash", "-c", "/entrypoint.sh --id=$((1 + $(hostname | wc -c)))"}, 0},
		{[]string{"sh", "-c", "/entrypoint.sh --id=$(hostname)"}, 0},
		{[]string{"sh", "-c", "pip install x; python app.py"}, never},
		{[]string{"bash", "-c", "pip install x; python app.py | tee log"}, never},
		{[]string{"bash", "-c", "pip install x; python app.py > log"}, never},
		{[]string{"bash", "-c", "pip install x; python app.py; echo done"}, never},
		{[]string{"bash", "-c", "echo start; sleep infinity"}, never},
	}
	for _, tt := range tests {
		if got := programReaction(tt.args, sigTerm, true, nil); got.takes.Earliest != tt.earliest {
			t.Errorf("%q: at the earliest after %v (%s), want %v", tt.args, got.takes.Earliest, got.why, tt.earliest)
		}
	}
}

func TestScriptsOfHooks(t *testing.T) {
	at := analyze.At
	tests := []struct {
		script string
		takes  analyze.Bounds
		codes  []int32
		known  bool
	}{
		{"sleep 15", at(15), []int32{0}, true},
		{"sleep 1m 5s", at(65), []int32{0}, true},
		{"exit 3", at(0), []int32{3}, true},
		{"sleep 2; exit 1", at(2), []int32{1}, true},
		{"sleep ${WAIT}", at(7), []int32{0}, true},
		{"sleep $((WAIT + 1)) && echo done", at(8), []int32{0}, true},
		{"for i in 1 2 3; do sleep 2; done", at(6), []int32{0}, true},
		{"for i in $(seq 1 4); do sleep 1; done", at(4), []int32{0}, true},
		{"for ((i=0; i<3; i++)); do sleep 1; done", at(3), []int32{0}, true},
		{"i=0; while [ $i -lt 5 ]; do sleep 1; i=$((i+1)); done", at(5), []int32{0}, true},
		{"true || sleep 9; false && sleep 9; sleep 1", at(1), []int32{0}, true},
		{"if [ -n \"$WAIT\" ]; then sleep 3; else sleep 9; fi", at(3), []int32{0}, true},
		{"(sleep 2; exit 4)", at(2), []int32{4}, true},
		{"sleep 5 & sleep 1", at(1), []int32{0}, true},
		{"sleep 5 & sleep 1; wait", at(5), nil, true},
		{"timeout 3 sleep 10", at(3), []int32{124, 143}, true},
		{"timeout 7 ./drain", analyze.Bounds{Earliest: 0, Likely: likelyTime, Latest: 7}, []int32{0, 124, 143}, false},
		{"bash -c 'sleep 4'", at(4), []int32{0}, true},
		{"while true; do sleep 1; done", at(analyze.Never), []int32{0}, true},
		{"set -e; false; sleep 5", at(0), []int32{1}, true},
		{"sleep $UNKNOWN", anyTime(), nil, false},
		{"./drain.sh", anyTime(), nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.script, func(t *testing.T) {
			e := newShell(map[string]string{"WAIT": "7"}, []string{"sh"}).wholeEffect(tt.script)
			if diff := cmp.Diff([]any{tt.takes, tt.codes, tt.known}, []any{e.takes, e.codes, e.known}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func FuzzScripts(f *testing.F) {
	for _, s := range []string{
		"trap 'exit 1' TERM; while :; do sleep 1; done", "for((;;)){ :; }", "a(){ a; }; a", "${x:?}${y/z/w}", "case $x in *) sleep 1;; esac",
		"eval \"$(cat <<E\nsleep 1\nE\n)\"", "exec", "wait $!; kill -9 -1", "[[ a =~ b ]] && let i++",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, script string) {
		for _, pid1 := range []bool{true, false} {
			r := scriptReaction(script, []string{"sh", "a"}, sigTerm, pid1, map[string]string{"X": "1"})
			if !(r.takes.Earliest <= r.takes.Latest) || r.takes.Earliest < 0 {
				t.Errorf("%q: bounds %+v", script, r.takes)
			}
		}
		e := newShell(nil, []string{"sh"}).wholeEffect(script)
		if !(e.takes.Earliest <= e.takes.Latest) || e.takes.Earliest < 0 {
			t.Errorf("%q: bounds %+v", script, e.takes)
		}
	})
}

// Whether the containers after an init container are ever started hangs on this.
func TestScriptsThatNeverEnd(t *testing.T) {
	for script, endless := range map[string]bool{
		"sleep 5; echo ok": false, "cp -r /a /b && chown x /b": false, "sleep 5; exit 0": false, "date; sleep 3; date; true": false,
		"until nslookup db; do sleep 2; done": false, "./migrate": false, "sleep 5": false, "echo hello": false,
		"sleep infinity": true, "echo x; sleep 1d": true, "while true; do sleep 1; done": true, "tail -f /dev/null": true,
	} {
		for _, pid1 := range []bool{true, false} {
			if got := scriptReaction(script, []string{"sh"}, sigTerm, pid1, nil).endless; got != endless {
				t.Errorf("%q, process 1 %v: endless is %v, want %v", script, pid1, got, endless)
			}
		}
	}
}
