// Errors with a code, as those of the library (src/notebook/coded-error.ts).
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace convnotes {

/** What kind of rule was broken. */
enum class Rule { type, value, shape, state, unsupported, memory, internal };

/** An error that JavaScript receives with its code. */
class CodedError : public std::runtime_error {
 public:
  CodedError(Rule rule, const std::string& message) : std::runtime_error(message), rule_(rule) {}
  const char* code() const {
    switch (rule_) {
      case Rule::type:
        return "ERR_INVALID_TYPE";
      case Rule::value:
        return "ERR_INVALID_VALUE";
      case Rule::shape:
        return "ERR_SHAPE";
      case Rule::state:
        return "ERR_INVALID_STATE";
      case Rule::unsupported:
        return "ERR_UNSUPPORTED";
      case Rule::memory:
        return "ERR_MEMORY";
      case Rule::internal:
        return "ERR_INTERNAL";
    }
    return "ERR_INTERNAL";
  }

 private:
  Rule rule_;
};

/** Returns the error of memory that could not be allocated; memory-error.ts reads the message. */
inline CodedError tooLittleMemory(size_t bytes, const std::string& purpose) {
  return CodedError(Rule::memory, "Expected " + std::to_string(bytes) + " bytes of memory for " + purpose + ", found too little");
}

}  // namespace convnotes
