// The part of DuckDB's C API that this addon calls, found in the library that the process has loaded already.
// Source of the declarations: https://duckdb.org/docs/stable/clients/c/api
#ifndef CALLOSUM_DUCKDB_H
#define CALLOSUM_DUCKDB_H

#include <stdint.h>

typedef uint64_t idx_t;
/** A database, connection, function, type, chunk, vector or state: DuckDB's own pointers. */
typedef void *handle;

/** Rows of a chunk, at most. */
#define CHUNK_ROWS 2048

/** Numbers of enum duckdb_type. */
enum duckdb_type { TYPE_INTEGER = 4, TYPE_BIGINT = 5, TYPE_FLOAT = 10, TYPE_DOUBLE = 11, TYPE_VARCHAR = 17 };

/** A string in a vector: up to 12 bytes in place and padded with zeros, or 4 bytes and a pointer to all of them. */
struct duckdb_string {
  uint32_t length;
  char prefix[4];
  union {
    char rest[8];
    const char *pointer;
  };
};

typedef void scalar_function(handle info, handle input, handle output);

#define DUCKDB_FUNCTIONS(X)                                                   \
  X(handle, create_scalar_function, (void))                                   \
  X(void, destroy_scalar_function, (handle *))                                \
  X(void, scalar_function_set_name, (handle, const char *))                   \
  X(void, scalar_function_add_parameter, (handle, handle))                    \
  X(void, scalar_function_set_return_type, (handle, handle))                  \
  X(void, scalar_function_set_special_handling, (handle))                     \
  X(void, scalar_function_set_extra_info, (handle, void *, void (*)(void *))) \
  X(void, scalar_function_set_function, (handle, scalar_function *))          \
  X(int, register_scalar_function, (handle, handle))                          \
  X(void *, scalar_function_get_extra_info, (handle))                         \
  X(void, scalar_function_set_error, (handle, const char *))                  \
  X(handle, create_logical_type, (enum duckdb_type))                          \
  X(handle, create_struct_type, (handle *, const char **, idx_t))             \
  X(void, destroy_logical_type, (handle *))                                   \
  X(idx_t, data_chunk_get_size, (handle))                                     \
  X(handle, data_chunk_get_vector, (handle, idx_t))                           \
  X(void *, vector_get_data, (handle))                                        \
  X(uint64_t *, vector_get_validity, (handle))                                \
  X(void, vector_ensure_validity_writable, (handle))                          \
  X(handle, struct_vector_get_child, (handle, idx_t))                         \
  X(handle, create_task_state, (handle))                                      \
  X(void, execute_tasks_state, (handle))                                      \
  X(void, finish_execution, (handle))                                         \
  X(void, destroy_task_state, (handle))

extern struct duckdb_functions {
#define DUCKDB_MEMBER(result, name, arguments) result(*name) arguments;
  DUCKDB_FUNCTIONS(DUCKDB_MEMBER)
#undef DUCKDB_MEMBER
} duckdb;

/** Finds the functions in the library that the binding has loaded. Answers what is missing, NULL when nothing is. */
const char *duckdb_find(void);

#endif
