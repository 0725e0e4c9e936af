"""What the extractor touches: files and worker processes."""

import os

# onnxruntime tells its maker of each use unless this is set before it is first imported.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
