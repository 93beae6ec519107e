// The Node-API addon of the engine: creates, binds, runs and disposes of programs.
#include <node_api.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "common-error.h"
#include "common-libraries.h"
#include "common-machines.h"
#include "common-processor.h"
#include "common-run.h"

namespace {

using namespace convnotes;

/** Returns the threads of the process. They are re-created if more are needed. */
Threads& threadsOf(int count) {
  static std::unique_ptr<Threads> threads;
  if (!threads || threads->count() < count) threads = std::make_unique<Threads>(count);
  return *threads;
}

/** Memory that programs share, as only one runs at a time. Freed with the last program. */
Memory memory;
int programs = 0;

/** The object that JavaScript holds. Its program is null after `dispose`. */
struct Handle {
  std::unique_ptr<Program> program;

  explicit Handle(std::unique_ptr<Program> made) : program(std::move(made)) { programs++; }
  ~Handle() { dispose(); }
  void dispose() {
    if (!program) return;
    program.reset();
    if (--programs == 0) memory.clear();
  }
};

/** Runs f and rethrows its exceptions as JavaScript errors. */
template <class F>
napi_value guarded(napi_env env, F f) {
  try {
    return f();
  } catch (const CodedError& error) {
    napi_throw_error(env, error.code(), error.what());
  } catch (const std::bad_alloc&) {
    napi_throw_error(env, "ERR_MEMORY", "Expected memory for a training step, found too little");
  } catch (const std::exception& error) {
    napi_throw_error(env, "ERR_INTERNAL", error.what());
  }
  return nullptr;
}

/** Returns the data of a typed array. */
template <class T>
T* numbersOf(napi_env env, napi_value value, size_t* length) {
  napi_typedarray_type type;
  void* data = nullptr;
  napi_value buffer;
  size_t offset;
  if (napi_get_typedarray_info(env, value, &type, length, &data, &buffer, &offset) != napi_ok) throw CodedError(Rule::type, "Expected a typed array, received another value");
  return static_cast<T*>(data);
}

int32_t integerOf(napi_env env, napi_value value) {
  int32_t result;
  if (napi_get_value_int32(env, value, &result) != napi_ok) throw CodedError(Rule::type, "Expected an integer, received another value");
  return result;
}

Handle& handleOf(napi_env env, napi_value value) {
  void* data;
  if (napi_get_value_external(env, value, &data) != napi_ok) throw CodedError(Rule::type, "Expected a program, received another value");
  auto& handle = *static_cast<Handle*>(data);
  if (!handle.program) throw CodedError(Rule::state, "Expected a program, received one that has been disposed of");
  return handle;
}

/** Returns the item of a list whose index a caller gave. */
template <class List>
auto& itemOf(List& list, int index, const char* what) {
  if (index < 0 || (size_t)index >= list.size())
    throw CodedError(Rule::value, std::string("Expected the index of a ") + what + " to be from 0 to " + std::to_string((long)list.size() - 1) + ", received " + std::to_string(index));
  return list[index];
}

/**
 * Creates a Float32Array. Large ones are made by JavaScript's constructor, which throws if there is
 * too little memory: Node-API's function would end the process.
 */
napi_value floatArray(napi_env env, size_t length, float** data) {
  constexpr size_t small = 1u << 18;
  napi_value array, result;
  if (length <= small) {
    void* bytes;
    if (napi_create_arraybuffer(env, length * sizeof(float), &bytes, &array) != napi_ok) throw tooLittleMemory(length * sizeof(float), "the outputs of a native step");
    napi_create_typedarray(env, napi_float32_array, length, array, 0, &result);
    *data = static_cast<float*>(bytes);
    return result;
  }
  napi_value global, constructor, size;
  napi_get_global(env, &global);
  napi_get_named_property(env, global, "Float32Array", &constructor);
  napi_create_double(env, (double)length, &size);
  if (napi_new_instance(env, constructor, 1, &size, &result) != napi_ok) {
    napi_get_and_clear_last_exception(env, &array);
    throw tooLittleMemory(length * sizeof(float), "the outputs of a native step");
  }
  size_t count;
  *data = numbersOf<float>(env, result, &count);
  return result;
}

template <size_t N>
std::vector<napi_value> argumentsOf(napi_env env, napi_callback_info info) {
  size_t count = N;
  std::vector<napi_value> values(N);
  napi_get_cb_info(env, info, &count, values.data(), nullptr, nullptr);
  if (count < N) throw CodedError(Rule::type, "Expected " + std::to_string(N) + " arguments, received " + std::to_string(count));
  return values;
}

/** widths(): string[] */
napi_value widths(napi_env env, napi_callback_info) {
  napi_value list;
  napi_create_array(env, &list);
  uint32_t index = 0;
  for (const Machine* each : machines()) {
    napi_value name;
    napi_create_string_utf8(env, each->name, NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, list, index++, name);
  }
  return list;
}

/**
 * create(integers, numbers, threads, width, keeps, perSample): program. `width` is an index in
 * `widths()`. `keeps`: values computed before the samples are kept between runs. `perSample`: runs
 * may have any number of samples.
 */
napi_value create(napi_env env, napi_callback_info info) {
  return guarded(env, [&] {
    const auto values = argumentsOf<6>(env, info);
    size_t count, numberCount;
    const auto* integers = numbersOf<int32_t>(env, values[0], &count);
    const auto* numbers = numbersOf<float>(env, values[1], &numberCount);
    const int threads = integerOf(env, values[2]);
    const auto found = machines();
    bool keeps = false;
    napi_get_value_bool(env, values[4], &keeps);
    auto handle = std::make_unique<Handle>(decode(integers, count, numbers, numberCount));
    prepare(*handle->program, *itemOf(found, integerOf(env, values[3]), "vector width"), threads, keeps ? Keep::shared : Keep::nothing);
    napi_get_value_bool(env, values[5], &handle->program->isPerSample);
    napi_value result;
    napi_create_external(env, handle.release(), [](napi_env, void* data, void*) { delete static_cast<Handle*>(data); }, nullptr, &result);
    return result;
  });
}

/**
 * bind(program, buffer, array): binds a buffer to an array, which must live as long as the program
 * runs.
 */
napi_value bind(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    const auto values = argumentsOf<3>(env, info);
    Program& program = *handleOf(env, values[0]).program;
    Buffer& buffer = itemOf(program.buffers, integerOf(env, values[1]), "buffer");
    size_t length;
    float* data = numbersOf<float>(env, values[2], &length);
    if (buffer.place == Place::bound && (long)length != buffer.size)
      throw CodedError(Rule::shape, "Expected " + std::to_string(buffer.size) + " values, received " + std::to_string(length));
    buffer.base = data;
    return nullptr;
  });
}

/**
 * run(program, rows, integers, numbers, guarded, prepared, outputs): Float32Array[] | undefined.
 * Runs one step for each batch of rows. `prepared`: the values computed before the samples are
 * still those of the last run. `outputs`: buffer and count of each output, per step or per sample.
 * Returns the values of each output for all steps or samples, or undefined if a loss is not finite.
 */
napi_value runSteps(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    const auto values = argumentsOf<7>(env, info);
    Program& program = *handleOf(env, values[0]).program;
    size_t count;
    program.rows = numbersOf<int32_t>(env, values[1], &count);
    if (count == 0 || (!program.isPerSample && count % program.samples != 0))
      throw CodedError(Rule::shape, "Expected batches of " + std::to_string(program.samples) + " samples, received " + std::to_string(count));
    const int rows = (int)count;
    const size_t times = program.isPerSample ? rows : rows / program.samples;
    const auto* integers = numbersOf<int32_t>(env, values[2], &count);
    program.stepIntegers.assign(integers, integers + count);
    const auto* numbers = numbersOf<float>(env, values[3], &count);
    program.stepNumbers.assign(numbers, numbers + count);
    napi_get_value_bool(env, values[4], &program.isGuarded);
    napi_get_value_bool(env, values[5], &program.isPrepared);
    const auto* wanted = numbersOf<int32_t>(env, values[6], &count);
    napi_value results;
    napi_create_array_with_length(env, count / 2, &results);
    std::vector<Output> outputs;
    for (size_t each = 0; each < count / 2; each++) {
      const size_t size = wanted[2 * each + 1], length = times * size;
      float* data;
      napi_set_element(env, results, each, floatArray(env, length, &data));
      itemOf(program.buffers, wanted[2 * each], "buffer");
      outputs.push_back({wanted[2 * each], size, data});
    }
    program.use(memory);
    return run(program, threadsOf(program.threads), rows, outputs) ? results : nullptr;
  });
}

/** dispose(program): frees the program's memory. */
napi_value dispose(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    void* data;
    if (napi_get_value_external(env, argumentsOf<1>(env, info)[0], &data) == napi_ok) static_cast<Handle*>(data)->dispose();
    return nullptr;
  });
}

/** releaseLibraries(name): unmaps the unchanged pages of libraries whose path contains `name`. */
napi_value releasePages(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    char name[256];
    size_t length;
    if (napi_get_value_string_utf8(env, argumentsOf<1>(env, info)[0], name, sizeof name, &length) != napi_ok) throw CodedError(Rule::type, "Expected a name, received another value");
    releaseLibraries(name);
    return nullptr;
  });
}

/** cacheBytes(): the bytes of a core's level 2 cache. */
napi_value cacheBytes(napi_env env, napi_callback_info) {
  napi_value bytes;
  napi_create_int64(env, level2Cache(), &bytes);
  return bytes;
}

napi_value initialize(napi_env env, napi_value exports) {
  const napi_property_descriptor functions[] = {
      {"widths", nullptr, widths, nullptr, nullptr, nullptr, napi_enumerable, nullptr},  {"create", nullptr, create, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"bind", nullptr, bind, nullptr, nullptr, nullptr, napi_enumerable, nullptr},      {"run", nullptr, runSteps, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"dispose", nullptr, dispose, nullptr, nullptr, nullptr, napi_enumerable, nullptr}, {"releaseLibraries", nullptr, releasePages, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"cacheBytes", nullptr, cacheBytes, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  return exports;
}

}  // namespace

NAPI_MODULE(convnotes_native, initialize)
