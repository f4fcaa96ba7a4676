// JavaScriptCore's C interface: from WebKitGTK on Linux, from the system's framework on macOS
// (there `import JavaScriptCore` finds it and this header is empty).
#if !__APPLE__
#include <JavaScriptCore/JavaScript.h>
#endif
