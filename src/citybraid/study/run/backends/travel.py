"""Steps as bytes: what a worker of a cluster receives. Models go by name, layers as handles; arrays never travel."""

import importlib
import io
import pickle
from typing import Any

from citybraid.core.errors import StudyError
from citybraid.core.model import Model
from citybraid.core.step import Step


def packed(step: Step) -> bytes:
    """Return a Step as bytes; raises StudyError where its model is no module's, such as one made inside a function."""
    content = io.BytesIO()
    _Packer(content, protocol=pickle.HIGHEST_PROTOCOL).dump(step)
    return content.getvalue()


def unpacked(content: bytes) -> Step:
    """Return the Step of bytes; they come from this program's own `packed`, by way of the cluster."""
    step: Step = pickle.loads(content)  # noqa: S301  (the cluster runs whatever it is sent: it has to be trusted)
    return step


class _Packer(pickle.Pickler):
    """Packs a model as its module and name there: its function is reached by no name of its own."""

    def reducer_override(self, value: Any) -> Any:
        if not isinstance(value, Model):
            return NotImplemented
        module = importlib.import_module(value.function.__module__)
        name = next((name for name, each in vars(module).items() if each is value), None)
        if name is None:
            raise StudyError("cluster.model_has_no_name", name=value.id)
        return _model, (module.__name__, name)


def _model(module: str, name: str) -> Model[Any, Any]:
    model: Model[Any, Any] = getattr(importlib.import_module(module), name)
    return model
