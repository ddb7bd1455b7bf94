module goyaml

go 1.17

require gopkg.in/yaml.v2 v2.4.0
