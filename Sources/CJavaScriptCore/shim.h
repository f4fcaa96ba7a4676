// JavaScriptCore's C interface: from WebKitGTK on Linux, from the system's framework on macOS
// (there `import JavaScriptCore` finds all but the private functions at the end).
#include <stdbool.h>

#if !__APPLE__
#include <JavaScriptCore/JavaScript.h>

// WebKitGTK's switches of the engine, as jsc/JSCOptions.h declares them; the header itself would bring
// all of GLib along.
int jsc_options_set_boolean(const char *option, int value);
#else
#include <JavaScriptCore/JavaScriptCore.h>
#endif

// Exported everywhere, declared only in WebKit's private JSContextRefPrivate.h: stops a script after
// `limit` CPU seconds if the callback says so.
void JSContextGroupSetExecutionTimeLimit(
    JSContextGroupRef group, double limit, bool (*callback)(JSContextRef, void *), void *context);
