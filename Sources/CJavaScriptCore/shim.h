// JavaScriptCore's C interface: from WebKitGTK on Linux, from the system's framework on macOS
// (there `import JavaScriptCore` finds it and this header is empty).
#if !__APPLE__
#include <JavaScriptCore/JavaScript.h>

// WebKitGTK's switches of the engine, as jsc/JSCOptions.h declares them; the header itself would bring
// all of GLib along.
int jsc_options_set_boolean(const char *option, int value);
#endif
