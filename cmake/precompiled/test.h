// The same for tests.
#include "product.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
