#include "duckdb.h"

#include <dlfcn.h>
#include <stddef.h>

#ifdef __APPLE__
#define LIBRARY "@rpath/libduckdb.dylib"
#else
#define LIBRARY "libduckdb.so"
#endif

struct duckdb_functions duckdb;

const char *duckdb_find(void) {
  void *library = dlopen(LIBRARY, RTLD_LAZY | RTLD_NOLOAD);
  if (!library) return LIBRARY " is not loaded";
#define DUCKDB_FIND(result, name, arguments)                           \
  duckdb.name = (result(*) arguments)dlsym(library, "duckdb_" #name);  \
  if (!duckdb.name) return "duckdb_" #name " is not in " LIBRARY;
  DUCKDB_FUNCTIONS(DUCKDB_FIND)
#undef DUCKDB_FIND
  return NULL;
}
