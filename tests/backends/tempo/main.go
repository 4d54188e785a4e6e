// Tempo as one process: the configuration is read as Tempo's own main reads it, and the same application runs. The main
// is ours because go install takes no module with replace directives, and for the codec below.
package main

import (
	"flag"
	"log"
	"os"

	"github.com/drone/envsubst"
	"github.com/golang/protobuf/proto"
	"github.com/grafana/tempo/cmd/tempo/app"
	"google.golang.org/grpc/encoding"
	"gopkg.in/yaml.v2"

	tempolog "github.com/grafana/tempo/pkg/util/log"
)

// codec lets a message of gogo/protobuf marshal itself; newer protobuf packages panic on its custom types.
type codec struct{}

func (codec) Name() string { return "proto" }

func (codec) Marshal(message any) ([]byte, error) {
	if own, ok := message.(interface{ Marshal() ([]byte, error) }); ok {
		return own.Marshal()
	}
	return proto.Marshal(message.(proto.Message))
}

func (codec) Unmarshal(data []byte, message any) error {
	if own, ok := message.(interface{ Unmarshal([]byte) error }); ok {
		return own.Unmarshal(data)
	}
	return proto.Unmarshal(data, message.(proto.Message))
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: tempo CONFIGURATION")
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	expanded, err := envsubst.EvalEnv(string(text))
	if err != nil {
		log.Fatal(err)
	}
	config := app.Config{}
	config.RegisterFlagsAndApplyDefaults("", flag.CommandLine)
	if err := yaml.UnmarshalStrict([]byte(expanded), &config); err != nil {
		log.Fatal(err)
	}
	// What its own main sets for a single process.
	config.Ingester.LifecyclerConfig.RingConfig.KVStore.Store = "inmemory"
	config.Ingester.LifecyclerConfig.RingConfig.ReplicationFactor = 1
	config.Ingester.LifecyclerConfig.Addr = "127.0.0.1"
	config.Generator.Ring.KVStore.Store = "inmemory"
	config.Generator.Ring.InstanceAddr = "127.0.0.1"
	tempolog.InitLogger(&config.Server)
	encoding.RegisterCodec(codec{})
	tempo, err := app.New(config)
	if err != nil {
		log.Fatal(err)
	}
	if err := tempo.Run(); err != nil {
		log.Fatal(err)
	}
}
