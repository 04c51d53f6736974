#include "adapters/secret_names.h"

#include <gtest/gtest.h>

#include "adapters/child_process.h"
#include "harness/base/error.h"

namespace pingjia::adapters {
namespace {

TEST(SecretNames, AreFoundInAnyCase) {
  for (const char* name :
       {"OPENAI_API_KEY", "my_api_key", "hf_token", "Hf_Token", "X-Api-Key", "Authorization",
        "Set-Cookie", "DbPassword", "aws_secret", "GOOGLE_APPLICATION_CREDENTIALS", "passwd"}) {
    EXPECT_TRUE(speaks_of_secret(name)) << name;
  }
  for (const char* name : {"PATH", "HF_HOME", "VLLM_CACHE_ROOT", "X-Org", "Accept", ""}) {
    EXPECT_FALSE(speaks_of_secret(name)) << name;
  }
}

TEST(SecretNames, UrlsWithKeysArePickedOut) {
  for (const char* url :
       {"http://h/v1?api_key=k", "https://h/v1?a=b&KEY=k", "http://h?access_token", "/models?key=k",
        "http://user:pw@h/v1", "http://user@h?x=1", "https://h/api?code=k", "https://h/?sig=k"}) {
    EXPECT_TRUE(url_holds_secret(url)) << url;
  }
  for (const char* url : {"https://h/openai?api-version=2024-10-21", "http://127.0.0.1:8000/v1",
                          "http://h/a@b", "http://h/v1?mail=a@b", "/models", ""}) {
    EXPECT_FALSE(url_holds_secret(url)) << url;
  }
}

TEST(SecretNames, NoneReachesAChildInSmallLettersEither) {
  const auto lookup = [](const std::string&) -> std::optional<std::string> { return "planted"; };
  for (const std::string name : {"my_api_key", "hf_token", "Db_Password"}) {
    const std::string names[] = {name};
    EXPECT_THROW(child_environment(lookup, names, "test"), harness::Error) << name;
  }
}

}  // namespace
}  // namespace pingjia::adapters
