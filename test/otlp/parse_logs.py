"""Reads requests for logs, one JSON text a line, and prints for each what protobuf understood, in its own JSON, or why it did not."""

import json
import sys

from google.protobuf import json_format

import logs_pb2

for line in sys.stdin:
    try:
        request = json_format.Parse(line, logs_pb2.ExportLogsServiceRequest())
        # Through the binary form, as a receiver that forwards it would send it on.
        again = logs_pb2.ExportLogsServiceRequest.FromString(request.SerializeToString())
        understood = json_format.MessageToDict(again, use_integers_for_enums=True)
        print(json.dumps({"understood": understood}))
    except Exception as error:  # Every failure is an answer.
        print(json.dumps({"error": str(error)}))
